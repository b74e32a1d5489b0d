import { blockBytes } from "../block/sizes.ts";

/** Data of the disk, and where the stored content has it. */
export interface PlacedRange {
  readonly offset: number;
  readonly length: number;
  readonly place: number;
}

/** A part of a block: `at` is its place inside the block. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
  readonly at: number;
}

/** A block that has data; what its pieces leave out is zero. */
export interface Block {
  readonly number: number;
  readonly pieces: readonly Piece[];
  /** Up to the end of the last piece. */
  readonly length: number;
}

/** Cuts what comes in order of place into blocks of the stored content. */
export async function* blocksOf(ranges: AsyncIterable<PlacedRange>): AsyncGenerator<Block> {
  let number = -1;
  let pieces: Piece[] = [];
  const block = (): Block => ({ number, pieces, length: pieces.reduce((_, { at, length }) => at + length, 0) });
  for await (const { offset, length, place } of ranges) {
    for (let done = 0; done < length;) {
      const of = Math.floor((place + done) / blockBytes);
      if (of !== number) {
        if (pieces.length > 0) yield block();
        number = of;
        pieces = [];
      }
      const at = place + done - of * blockBytes;
      const part = Math.min(length - done, blockBytes - at);
      pieces.push({ offset: offset + done, length: part, at });
      done += part;
    }
  }
  if (pieces.length > 0) yield block();
}
