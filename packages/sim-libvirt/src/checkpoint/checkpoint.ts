/** A mark for incremental backup: for each disk, the name of the bitmap that records what is written from then on. */
export interface Checkpoint {
  readonly name: string;
  readonly description: string | undefined;
  readonly parent: string | undefined;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Without a bitmap the disk is left out. */
  readonly disks: readonly CheckpointDisk[];
}

export interface CheckpointDisk {
  readonly name: string;
  readonly bitmap: string | undefined;
}
