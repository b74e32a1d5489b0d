/** A mark for incremental backup. */
export interface Checkpoint {
  readonly name: string;
  readonly description: string | undefined;
  readonly parent: string | undefined;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly disks: readonly { readonly name: string; readonly included: boolean }[];
}
