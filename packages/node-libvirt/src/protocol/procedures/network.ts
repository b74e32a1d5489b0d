import { reads, writes } from "../procedure.ts";
import { networkRef } from "../refs.ts";
import { bool, hyper, int, list, nothing, optionalString, string, struct, uint, uuid } from "../xdr-type.ts";

const network = struct({ network: networkRef });

const lease = struct({
  interface: string,
  /** Seconds since 1970. */
  expires: hyper,
  /** 0 IPv4, 1 IPv6. */
  type: int,
  mac: optionalString,
  iaid: optionalString,
  address: string,
  prefix: uint,
  hostname: optionalString,
  clientId: optionalString,
});

/** Virtual networks. */
export const networkProcedures = {
  networkCreate: writes(39, "NETWORK_CREATE", network, nothing),
  networkDefineXml: writes(41, "NETWORK_DEFINE_XML", struct({ xml: string }), network),
  networkDestroy: writes(42, "NETWORK_DESTROY", network, nothing),
  networkGetXmlDesc: reads(
    43,
    "NETWORK_GET_XML_DESC",
    struct({ network: networkRef, flags: uint }),
    struct({ xml: string }),
  ),
  networkGetAutostart: reads(44, "NETWORK_GET_AUTOSTART", network, struct({ autostart: bool })),
  networkLookupByName: reads(46, "NETWORK_LOOKUP_BY_NAME", struct({ name: string }), network),
  networkLookupByUuid: reads(47, "NETWORK_LOOKUP_BY_UUID", struct({ uuid }), network),
  networkSetAutostart: writes(48, "NETWORK_SET_AUTOSTART", struct({ network: networkRef, autostart: bool }), nothing),
  networkUndefine: writes(49, "NETWORK_UNDEFINE", network, nothing),
  networkIsActive: reads(152, "NETWORK_IS_ACTIVE", network, struct({ active: bool })),
  networkIsPersistent: reads(153, "NETWORK_IS_PERSISTENT", network, struct({ persistent: bool })),
  connectListAllNetworks: reads(
    283,
    "CONNECT_LIST_ALL_NETWORKS",
    struct({ needResults: int, flags: uint }),
    struct({ networks: list(networkRef), count: uint }),
  ),
  networkUpdate: writes(
    291,
    "NETWORK_UPDATE",
    struct({ network: networkRef, command: uint, section: uint, parentIndex: int, xml: string, flags: uint }),
    nothing,
  ),
  networkGetDhcpLeases: reads(
    341,
    "NETWORK_GET_DHCP_LEASES",
    struct({ network: networkRef, mac: optionalString, needResults: int, flags: uint }),
    struct({ leases: list(lease, 65_536), count: uint }),
  ),
  /** Since libvirt 7.7. Flag 1: check the definition first. */
  networkDefineXmlFlags: writes(432, "NETWORK_DEFINE_XML_FLAGS", struct({ xml: string, flags: uint }), network),
} as const;
