import { reads, writes } from "../procedure.ts";
import { bool, int, list, nothing, optionalString, string, struct, uhyper, uint, vector } from "../xdr-type.ts";

/** Opening a session, and what the host says of itself. */
export const sessionProcedures = {
  /** With an empty name the daemon chooses the driver; an absent one it refuses (seen with 9.0). Flags: 1 read-only. */
  connectOpen: writes(1, "CONNECT_OPEN", struct({ name: optionalString, flags: uint }), nothing),
  connectClose: writes(2, "CONNECT_CLOSE", nothing, nothing),
  connectGetType: reads(3, "CONNECT_GET_TYPE", nothing, struct({ type: string })),
  /** Version of the hypervisor: major * 1,000,000 + minor * 1,000 + release. */
  connectGetVersion: reads(4, "CONNECT_GET_VERSION", nothing, struct({ version: uhyper })),
  /** `model` is a C string, one character in each int; memory in KiB, mhz 0 when unknown. */
  nodeGetInfo: reads(
    6,
    "NODE_GET_INFO",
    nothing,
    struct({
      model: vector(int, 32),
      memory: uhyper,
      cpus: int,
      mhz: int,
      nodes: int,
      sockets: int,
      cores: int,
      threads: int,
    }),
  ),
  connectGetCapabilities: reads(7, "CONNECT_GET_CAPABILITIES", nothing, struct({ xml: string })),
  connectGetHostname: reads(59, "CONNECT_GET_HOSTNAME", nothing, struct({ hostname: string })),
  /** Feature 10: keepalive (the daemon then sends PINGs too), 14: event callbacks. */
  connectSupportsFeature: reads(60, "CONNECT_SUPPORTS_FEATURE", struct({ feature: int }), struct({ supported: bool })),
  /** 0 none, 1 SASL, 2 polkit. */
  authList: reads(66, "AUTH_LIST", nothing, struct({ types: list(int, 20) })),
  authPolkit: writes(70, "AUTH_POLKIT", nothing, struct({ complete: int })),
  /** Bytes. */
  nodeGetFreeMemory: reads(102, "NODE_GET_FREE_MEMORY", nothing, struct({ bytes: uhyper })),
  connectGetUri: reads(110, "CONNECT_GET_URI", nothing, struct({ uri: string })),
  connectGetLibVersion: reads(157, "CONNECT_GET_LIB_VERSION", nothing, struct({ version: uhyper })),
  connectGetDomainCapabilities: reads(
    342,
    "CONNECT_GET_DOMAIN_CAPABILITIES",
    struct({
      emulator: optionalString,
      arch: optionalString,
      machine: optionalString,
      virtType: optionalString,
      flags: uint,
    }),
    struct({ xml: string }),
  ),
} as const;
