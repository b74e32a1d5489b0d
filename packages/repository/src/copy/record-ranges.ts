import type { DiskRange } from "@quiesce/core";
import type { IndexWriter } from "../format/index-writer.ts";
import type { PlacedRange } from "./blocks-of.ts";

export interface RecordedRanges {
  /** The data, with its place in the stored content; each range is in the index before it comes out. */
  readonly placed: AsyncIterable<PlacedRange>;
  /** Of the data that came out so far. */
  dataBytes(): number;
}

/**
 * Writes ranges to the index. A whole disk has each byte at its own offset, and its zeroes need no line; an increment
 * has its data one after another, and says what turned to zero.
 */
export const recordRanges = (
  ranges: AsyncIterable<DiskRange>,
  kind: "full" | "increment",
  index: IndexWriter,
  zeroed: (bytes: number) => void,
): RecordedRanges => {
  let dataBytes = 0;
  return {
    placed: (async function* () {
      for await (const { offset, length, is } of ranges) {
        if (is === "zero") {
          if (kind === "increment") await index.add({ zero: [offset, length] });
          zeroed(length);
          continue;
        }
        const place = kind === "full" ? offset : dataBytes;
        dataBytes += length;
        await index.add({ data: [offset, length, place] });
        yield { offset, length, place };
      }
    })(),
    dataBytes: () => dataBytes,
  };
};
