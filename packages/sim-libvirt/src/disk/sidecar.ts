import { basename, dirname, join } from "node:path";

/** The folder beside a disk file that holds what a real qcow2 file holds inside: its format and its internal snapshots. */
export const sidecarOf = (path: string): string => join(dirname(path), `.${basename(path)}.sim`);

export const snapshotFileOf = (path: string, snapshot: string): string =>
  join(sidecarOf(path), `snapshot-${encodeURIComponent(snapshot)}`);
