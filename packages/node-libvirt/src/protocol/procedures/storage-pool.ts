import { reads, writes } from "../procedure.ts";
import { poolRef, volumeRef } from "../refs.ts";
import { bool, int, list, nothing, string, struct, uhyper, uint, uuid } from "../xdr-type.ts";

const pool = struct({ pool: poolRef });
const poolAndFlags = struct({ pool: poolRef, flags: uint });

/** Storage pools. */
export const storagePoolProcedures = {
  storagePoolDefineXml: writes(77, "STORAGE_POOL_DEFINE_XML", struct({ xml: string, flags: uint }), pool),
  storagePoolCreate: writes(78, "STORAGE_POOL_CREATE", poolAndFlags, nothing),
  storagePoolBuild: writes(79, "STORAGE_POOL_BUILD", poolAndFlags, nothing),
  storagePoolDestroy: writes(80, "STORAGE_POOL_DESTROY", pool, nothing),
  storagePoolUndefine: writes(82, "STORAGE_POOL_UNDEFINE", pool, nothing),
  /** Reads the pool's directory or device again; until then volumes made by others are not seen. */
  storagePoolRefresh: writes(83, "STORAGE_POOL_REFRESH", poolAndFlags, nothing),
  storagePoolLookupByName: reads(84, "STORAGE_POOL_LOOKUP_BY_NAME", struct({ name: string }), pool),
  storagePoolLookupByUuid: reads(85, "STORAGE_POOL_LOOKUP_BY_UUID", struct({ uuid }), pool),
  storagePoolLookupByVolume: reads(86, "STORAGE_POOL_LOOKUP_BY_VOLUME", struct({ volume: volumeRef }), pool),
  storagePoolGetInfo: reads(
    87,
    "STORAGE_POOL_GET_INFO",
    pool,
    struct({ state: int, capacity: uhyper, allocation: uhyper, available: uhyper }),
  ),
  storagePoolGetXmlDesc: reads(88, "STORAGE_POOL_GET_XML_DESC", poolAndFlags, struct({ xml: string })),
  storagePoolGetAutostart: reads(89, "STORAGE_POOL_GET_AUTOSTART", pool, struct({ autostart: bool })),
  storagePoolSetAutostart: writes(
    90,
    "STORAGE_POOL_SET_AUTOSTART",
    struct({ pool: poolRef, autostart: bool }),
    nothing,
  ),
  storagePoolIsActive: reads(154, "STORAGE_POOL_IS_ACTIVE", pool, struct({ active: bool })),
  storagePoolIsPersistent: reads(155, "STORAGE_POOL_IS_PERSISTENT", pool, struct({ persistent: bool })),
  connectListAllStoragePools: reads(
    281,
    "CONNECT_LIST_ALL_STORAGE_POOLS",
    struct({ needResults: int, flags: uint }),
    struct({ pools: list(poolRef), count: uint }),
  ),
  storagePoolListAllVolumes: reads(
    282,
    "STORAGE_POOL_LIST_ALL_VOLUMES",
    struct({ pool: poolRef, needResults: int, flags: uint }),
    struct({ volumes: list(volumeRef), count: uint }),
  ),
} as const;
