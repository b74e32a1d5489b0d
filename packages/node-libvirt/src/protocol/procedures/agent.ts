import { qemuWrites, reads, writes } from "../procedure.ts";
import { domainRef } from "../refs.ts";
import { typedParams } from "../typed-params.ts";
import { hyper, int, list, nothing, optionalString, string, struct, uint } from "../xdr-type.ts";

const mountpoints = struct({ domain: domainRef, mountpoints: list(string, 256), flags: uint });
const domainAndFlags = struct({ domain: domainRef, flags: uint });

/** Calls that the agent inside the guest answers. A hung agent blocks each of them, without limit by default. */
export const agentProcedures = {
  domainFsFreeze: writes(335, "DOMAIN_FSFREEZE", mountpoints, struct({ filesystems: int })),
  domainFsThaw: writes(336, "DOMAIN_FSTHAW", mountpoints, struct({ filesystems: int })),
  domainGetTime: reads(337, "DOMAIN_GET_TIME", domainAndFlags, struct({ seconds: hyper, nanoseconds: uint })),
  /** Flag 1: take the time from the guest's hardware clock; seconds and nanoseconds must be 0 then. */
  domainSetTime: writes(
    338,
    "DOMAIN_SET_TIME",
    struct({ domain: domainRef, seconds: hyper, nanoseconds: uint, flags: uint }),
    nothing,
  ),
  domainGetFsInfo: reads(
    349,
    "DOMAIN_GET_FSINFO",
    domainAndFlags,
    struct({
      filesystems: list(struct({ mountpoint: string, name: string, type: string, devices: list(string, 256) }), 256),
      count: uint,
    }),
  ),
  domainGetGuestInfo: reads(
    418,
    "DOMAIN_GET_GUEST_INFO",
    struct({ domain: domainRef, types: uint, flags: uint }),
    struct({ params: typedParams(2048) }),
  ),
  /** Seconds; -2 waits without limit (the daemon's default), -1 is the daemon's own default timeout, 0 does not wait. */
  domainAgentSetResponseTimeout: writes(
    420,
    "DOMAIN_AGENT_SET_RESPONSE_TIMEOUT",
    struct({ domain: domainRef, timeout: int, flags: uint }),
    struct({ result: int }),
  ),
  /** JSON in, JSON out. The same special timeouts. */
  qemuDomainAgentCommand: qemuWrites(
    3,
    "QEMU_DOMAIN_AGENT_COMMAND",
    struct({ domain: domainRef, command: string, timeout: int, flags: uint }),
    struct({ result: optionalString }),
  ),
} as const;
