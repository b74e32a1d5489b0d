/** A stretch of an export with one status. */
export interface Extent {
  readonly length: number;
  readonly flags: number;
}

/** Extents from an offset on, which together are at most `length` bytes. */
export type Describe = (offset: number, length: number) => readonly Extent[];

/** A disk that is served. */
export interface NbdExport {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What can be asked of its blocks, by name of the context. */
  readonly contexts: ReadonlyMap<string, Describe>;
  read(offset: number, length: number): Buffer;
}

/** `base:allocation`: a cluster of zeros takes no space. */
export const unallocated = 3;
