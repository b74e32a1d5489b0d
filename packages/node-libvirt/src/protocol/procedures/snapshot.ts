import { reads, writes } from "../procedure.ts";
import { domainRef, snapshotRef } from "../refs.ts";
import { int, list, nothing, string, struct, uint } from "../xdr-type.ts";

const domainAndFlags = struct({ domain: domainRef, flags: uint });
const snapshot = struct({ snapshot: snapshotRef });
const snapshotAndFlags = struct({ snapshot: snapshotRef, flags: uint });
const snapshots = struct({ snapshots: list(snapshotRef), count: int });

/** Snapshots of a domain. */
export const snapshotProcedures = {
  domainSnapshotCreateXml: writes(
    185,
    "DOMAIN_SNAPSHOT_CREATE_XML",
    struct({ domain: domainRef, xml: string, flags: uint }),
    snapshot,
  ),
  domainSnapshotGetXmlDesc: reads(186, "DOMAIN_SNAPSHOT_GET_XML_DESC", snapshotAndFlags, struct({ xml: string })),
  domainSnapshotLookupByName: reads(
    189,
    "DOMAIN_SNAPSHOT_LOOKUP_BY_NAME",
    struct({ domain: domainRef, name: string, flags: uint }),
    snapshot,
  ),
  domainSnapshotCurrent: reads(191, "DOMAIN_SNAPSHOT_CURRENT", domainAndFlags, snapshot),
  domainRevertToSnapshot: writes(192, "DOMAIN_REVERT_TO_SNAPSHOT", snapshotAndFlags, nothing),
  domainSnapshotDelete: writes(193, "DOMAIN_SNAPSHOT_DELETE", snapshotAndFlags, nothing),
  domainSnapshotGetParent: reads(244, "DOMAIN_SNAPSHOT_GET_PARENT", snapshotAndFlags, snapshot),
  domainListAllSnapshots: reads(
    274,
    "DOMAIN_LIST_ALL_SNAPSHOTS",
    struct({ domain: domainRef, needResults: int, flags: uint }),
    snapshots,
  ),
  domainSnapshotListAllChildren: reads(
    275,
    "DOMAIN_SNAPSHOT_LIST_ALL_CHILDREN",
    struct({ snapshot: snapshotRef, needResults: int, flags: uint }),
    snapshots,
  ),
} as const;
