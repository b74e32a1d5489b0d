import type { Damage } from "@quiesce/core";
import type { BlockTools } from "../block/block-engine.ts";
import { sideBySide } from "../copy/side-by-side.ts";
import { isDamaged } from "../format/damaged.ts";
import { placeOfBlock, readBlock, readHole, type StoredContent } from "../read/stored-block.ts";
import type { Reading } from "./reading.ts";

/** Reads blocks of a file, several at once. */
export const verifyContent = async (
  { content, numbers }: Reading,
  { slots, workers }: BlockTools,
  signal: AbortSignal,
  read: (bytes: number) => void,
): Promise<readonly Damage[]> => {
  const bad: number[] = [];
  await sideBySide(numbers, signal, async (number, signal) => {
    const slot = await slots.take(signal);
    return async () => {
      try {
        const listed = content.index.blocks.has(number);
        await (listed ? readBlock : readHole)(content, number, slot, workers);
      } catch (error) {
        if (!isDamaged(error)) throw error;
        bad.push(number);
      } finally {
        slots.give(slot);
      }
      read(placeOfBlock(content, number).length);
    };
  });
  return spansOf(bad.sort((a, b) => a - b)).map((span) => damageOf(content, span));
};

interface Span {
  readonly first: number;
  readonly last: number;
}

/** Neighbours are told together: a lost region of a disk has thousands of blocks. */
const spansOf = (numbers: readonly number[]): readonly Span[] => {
  const spans: Span[] = [];
  for (const number of numbers) {
    const before = spans.at(-1);
    if (before?.last === number - 1) spans[spans.length - 1] = { ...before, last: number };
    else spans.push({ first: number, last: number });
  }
  return spans;
};

const damageOf = (content: StoredContent, { first, last }: Span): Damage => {
  const { at: from } = placeOfBlock(content, first);
  const { at, length } = placeOfBlock(content, last);
  const blocks = first === last ? `Block ${first}` : `Blocks ${first} to ${last}`;
  const are = first === last ? "is" : "are";
  const reason = `${blocks} (bytes ${from} to ${at + length} of ${content.id}) ${are} not what was written.`;
  return { file: content.id, reason };
};
