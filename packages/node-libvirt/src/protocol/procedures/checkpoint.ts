import { reads, writes } from "../procedure.ts";
import { checkpointRef, domainRef } from "../refs.ts";
import { int, list, nothing, string, struct, uint } from "../xdr-type.ts";

const checkpoint = struct({ checkpoint: checkpointRef });
const checkpointAndFlags = struct({ checkpoint: checkpointRef, flags: uint });

/** Checkpoints of a domain (marks for incremental backup). */
export const checkpointProcedures = {
  domainCheckpointCreateXml: writes(
    411,
    "DOMAIN_CHECKPOINT_CREATE_XML",
    struct({ domain: domainRef, xml: string, flags: uint }),
    checkpoint,
  ),
  domainCheckpointGetXmlDesc: reads(412, "DOMAIN_CHECKPOINT_GET_XML_DESC", checkpointAndFlags, struct({ xml: string })),
  domainListAllCheckpoints: reads(
    413,
    "DOMAIN_LIST_ALL_CHECKPOINTS",
    struct({ domain: domainRef, needResults: int, flags: uint }),
    struct({ checkpoints: list(checkpointRef), count: int }),
  ),
  domainCheckpointLookupByName: reads(
    415,
    "DOMAIN_CHECKPOINT_LOOKUP_BY_NAME",
    struct({ domain: domainRef, name: string, flags: uint }),
    checkpoint,
  ),
  domainCheckpointDelete: writes(417, "DOMAIN_CHECKPOINT_DELETE", checkpointAndFlags, nothing),
} as const;
