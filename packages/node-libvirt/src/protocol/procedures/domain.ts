import { reads, writes } from "../procedure.ts";
import { domainRef } from "../refs.ts";
import { bool, int, list, nothing, optionalString, string, struct, uhyper, uint, uuid } from "../xdr-type.ts";

const domain = struct({ domain: domainRef });
const domainAndFlags = struct({ domain: domainRef, flags: uint });
const xml = struct({ xml: string });

/** Finding, describing and running domains. */
export const domainProcedures = {
  domainCreateXml: writes(10, "DOMAIN_CREATE_XML", struct({ xml: string, flags: uint }), domain),
  domainGetXmlDesc: reads(14, "DOMAIN_GET_XML_DESC", domainAndFlags, xml),
  domainGetAutostart: reads(15, "DOMAIN_GET_AUTOSTART", domain, struct({ autostart: bool })),
  domainLookupByName: reads(23, "DOMAIN_LOOKUP_BY_NAME", struct({ name: string }), domain),
  domainLookupByUuid: reads(24, "DOMAIN_LOOKUP_BY_UUID", struct({ uuid }), domain),
  domainResume: writes(28, "DOMAIN_RESUME", domain, nothing),
  domainSetAutostart: writes(29, "DOMAIN_SET_AUTOSTART", struct({ domain: domainRef, autostart: bool }), nothing),
  domainSuspend: writes(34, "DOMAIN_SUSPEND", domain, nothing),
  domainIsActive: reads(150, "DOMAIN_IS_ACTIVE", domain, struct({ active: bool })),
  domainIsPersistent: reads(151, "DOMAIN_IS_PERSISTENT", domain, struct({ persistent: bool })),
  domainManagedSave: writes(182, "DOMAIN_MANAGED_SAVE", domainAndFlags, nothing),
  domainHasManagedSaveImage: reads(183, "DOMAIN_HAS_MANAGED_SAVE_IMAGE", domainAndFlags, struct({ result: bool })),
  domainManagedSaveRemove: writes(184, "DOMAIN_MANAGED_SAVE_REMOVE", domainAndFlags, nothing),
  domainCreateWithFlags: writes(196, "DOMAIN_CREATE_WITH_FLAGS", domainAndFlags, domain),
  domainGetState: reads(212, "DOMAIN_GET_STATE", domainAndFlags, struct({ state: int, reason: int })),
  domainUndefineFlags: writes(231, "DOMAIN_UNDEFINE_FLAGS", domainAndFlags, nothing),
  domainDestroyFlags: writes(234, "DOMAIN_DESTROY_FLAGS", domainAndFlags, nothing),
  domainShutdownFlags: writes(258, "DOMAIN_SHUTDOWN_FLAGS", domainAndFlags, nothing),
  /** Target: 0 memory (S3), 1 disk, 2 hybrid. QEMU takes no duration but 0. */
  domainPmSuspendForDuration: writes(
    261,
    "DOMAIN_PM_SUSPEND_FOR_DURATION",
    struct({ domain: domainRef, target: uint, duration: uhyper, flags: uint }),
    nothing,
  ),
  domainPmWakeup: writes(267, "DOMAIN_PM_WAKEUP", domainAndFlags, nothing),
  /** Type: 0 description, 1 title, 2 element. Without `metadata` the entry is removed. */
  domainSetMetadata: writes(
    264,
    "DOMAIN_SET_METADATA",
    struct({
      domain: domainRef,
      type: int,
      metadata: optionalString,
      key: optionalString,
      uri: optionalString,
      flags: uint,
    }),
    nothing,
  ),
  domainGetMetadata: reads(
    265,
    "DOMAIN_GET_METADATA",
    struct({ domain: domainRef, type: int, uri: optionalString, flags: uint }),
    struct({ metadata: string }),
  ),
  /** `needResults: 0` would only count. */
  connectListAllDomains: reads(
    273,
    "CONNECT_LIST_ALL_DOMAINS",
    struct({ needResults: int, flags: uint }),
    struct({ domains: list(domainRef), count: uint }),
  ),
  domainDefineXmlFlags: writes(350, "DOMAIN_DEFINE_XML_FLAGS", struct({ xml: string, flags: uint }), domain),
} as const;
