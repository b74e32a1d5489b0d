import { downloads, reads, uploads, writes } from "../procedure.ts";
import { poolRef, volumeRef } from "../refs.ts";
import { int, nothing, string, struct, uhyper, uint } from "../xdr-type.ts";

const volume = struct({ volume: volumeRef });
const volumeAndFlags = struct({ volume: volumeRef, flags: uint });
const range = struct({ volume: volumeRef, offset: uhyper, length: uhyper, flags: uint });

/** Storage volumes. */
export const storageVolumeProcedures = {
  storageVolCreateXml: writes(
    93,
    "STORAGE_VOL_CREATE_XML",
    struct({ pool: poolRef, xml: string, flags: uint }),
    volume,
  ),
  storageVolDelete: writes(94, "STORAGE_VOL_DELETE", volumeAndFlags, nothing),
  storageVolLookupByName: reads(95, "STORAGE_VOL_LOOKUP_BY_NAME", struct({ pool: poolRef, name: string }), volume),
  storageVolLookupByKey: reads(96, "STORAGE_VOL_LOOKUP_BY_KEY", struct({ key: string }), volume),
  storageVolLookupByPath: reads(97, "STORAGE_VOL_LOOKUP_BY_PATH", struct({ path: string }), volume),
  storageVolGetInfo: reads(
    98,
    "STORAGE_VOL_GET_INFO",
    volume,
    struct({ type: int, capacity: uhyper, allocation: uhyper }),
  ),
  storageVolGetXmlDesc: reads(99, "STORAGE_VOL_GET_XML_DESC", volumeAndFlags, struct({ xml: string })),
  storageVolGetPath: reads(100, "STORAGE_VOL_GET_PATH", volume, struct({ path: string })),
  storageVolCreateXmlFrom: writes(
    125,
    "STORAGE_VOL_CREATE_XML_FROM",
    struct({ pool: poolRef, xml: string, source: volumeRef, flags: uint }),
    volume,
  ),
  /** Length 0: as much as comes; the daemon does not stop at the volume's capacity. Flag 1: holes are allowed. */
  storageVolUpload: uploads(208, "STORAGE_VOL_UPLOAD", range),
  /** Length 0: to the end. Flag 1: holes are told instead of sent as zeroes. */
  storageVolDownload: downloads(209, "STORAGE_VOL_DOWNLOAD", range),
  storageVolResize: writes(
    260,
    "STORAGE_VOL_RESIZE",
    struct({ volume: volumeRef, capacity: uhyper, flags: uint }),
    nothing,
  ),
} as const;
