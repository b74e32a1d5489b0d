/** A part of a disk: `zero` when it reads as zeroes, else `data`. */
export interface Range {
  readonly offset: number;
  readonly length: number;
  readonly is: "data" | "zero";
}
