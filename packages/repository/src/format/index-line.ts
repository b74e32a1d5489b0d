import type { Encoding } from "../block/job.ts";

/** First line of an index: what the file beside it is. */
export interface IndexHeader {
  readonly schema: "quiesce.disk/1";
  readonly repository: string;
  /** The file's path below the repository's root: one that was moved or swapped is told. */
  readonly id: string;
  readonly kind: "full" | "increment";
  /** Size of the disk. */
  readonly bytes: number;
  readonly blockBytes: number;
  readonly encoding: Encoding;
  /** What an increment is a difference to; `sha256` is that disk's index file's. */
  readonly parent?: { readonly id: string; readonly sha256: string };
}

/** Last line of an index: without it, the disk is not whole. */
export interface IndexEnd {
  /** Size of the content before it is encoded: of a full the disk's, of an increment that of its data ranges together. */
  readonly contentBytes: number;
  /** Size of the file beside the index. */
  readonly fileBytes: number;
  /** Bytes of the file that were written; the rest are holes. */
  readonly stored: number;
  /** Room that the file system gave the file, its own bookkeeping included: more of it later means more data. */
  readonly allocated: number;
  /** Of all lines before this one. */
  readonly sha256: string;
}

/** `place`: where the content has it. */
export type RangeLine =
  | { readonly data: readonly [offset: number, length: number, place: number] }
  | { readonly zero: readonly [offset: number, length: number] };

/** A block of the content; `place` and `length` in the file only where it is encoded. One that is not listed is all zero. */
export interface BlockLine {
  readonly block:
    | readonly [number: number, sha256: string]
    | readonly [number: number, sha256: string, place: number, length: number];
}

export interface EndLine {
  readonly end: IndexEnd;
}

export type IndexLine = IndexHeader | RangeLine | BlockLine | EndLine;
