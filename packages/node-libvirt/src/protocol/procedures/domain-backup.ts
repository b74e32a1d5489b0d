import { reads, writes } from "../procedure.ts";
import { domainRef } from "../refs.ts";
import { nothing, optionalString, string, struct, uint } from "../xdr-type.ts";

/** Backup jobs of a running domain. */
export const domainBackupProcedures = {
  /** With `checkpointXml` the checkpoint begins at the very instant of the backup. Flag 1: the target files are there already. */
  domainBackupBegin: writes(
    421,
    "DOMAIN_BACKUP_BEGIN",
    struct({ domain: domainRef, backupXml: string, checkpointXml: optionalString, flags: uint }),
    nothing,
  ),
  domainBackupGetXmlDesc: reads(
    422,
    "DOMAIN_BACKUP_GET_XML_DESC",
    struct({ domain: domainRef, flags: uint }),
    struct({ xml: string }),
  ),
} as const;
