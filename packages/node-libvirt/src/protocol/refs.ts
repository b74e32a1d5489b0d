import { int, string, struct, uuid, type XdrValue } from "./xdr-type.ts";

/** How a message names a domain. The daemon finds it by UUID alone; `id` is -1 for one that does not run. */
export const domainRef = struct({ name: string, uuid, id: int });
export type DomainRef = XdrValue<typeof domainRef>;

/** Found by UUID alone. */
export const networkRef = struct({ name: string, uuid });
export type NetworkRef = XdrValue<typeof networkRef>;

/** Found by UUID alone. */
export const poolRef = struct({ name: string, uuid });
export type PoolRef = XdrValue<typeof poolRef>;

/** Found by the names of pool and volume; the key (for files, the path) is informative. */
export const volumeRef = struct({ pool: string, name: string, key: string });
export type VolumeRef = XdrValue<typeof volumeRef>;

/** Found by name within its domain; it has no id of its own. */
export const snapshotRef = struct({ name: string, domain: domainRef });
export type SnapshotRef = XdrValue<typeof snapshotRef>;

/** Found by name within its domain; it has no id of its own. */
export const checkpointRef = struct({ name: string, domain: domainRef });
export type CheckpointRef = XdrValue<typeof checkpointRef>;
