import type { DiskSource } from "@quiesce/core";
import type { FileHandle } from "node:fs/promises";
import type { BlockTools } from "../block/block-engine.ts";
import type { Encoding, Packed } from "../block/job.ts";
import { blockBytes } from "../block/sizes.ts";
import type { Slot } from "../block/slots.ts";
import { writeFully } from "../file/write-fully.ts";
import type { IndexWriter } from "../format/index-writer.ts";
import { blocksOf, type Block, type PlacedRange } from "./blocks-of.ts";
import { inOrder } from "./in-order.ts";
import { sideBySide } from "./side-by-side.ts";

export interface ContentCopy {
  readonly source: DiskSource;
  readonly ranges: AsyncIterable<PlacedRange>;
  readonly file: FileHandle;
  readonly index: IndexWriter;
  readonly encoding: Encoding;
  /** Size of the content when it is known beforehand: the last block of a whole disk may end after its data. */
  readonly contentBytes?: number;
  readonly tools: BlockTools;
  readonly signal: AbortSignal;
  readonly copied: (bytes: number) => void;
}

type Stored = Extract<Packed, { zero: false }>;

/**
 * Copies blocks through a bounded number of buffers, several at once: read, hash, list in the index, write at their
 * place. Gives the number of bytes that were written, and where an encoded file ends.
 */
export const copyContent = async (copy: ContentCopy): Promise<{ readonly stored: number }> => {
  const { tools, contentBytes } = copy;
  const turns = inOrder();
  const plain = copy.encoding === "plain";
  let stored = 0;
  /** In the order of the blocks: where an encoded one goes depends on those before it. */
  const list = async ({ number }: Block, dataBytes: number, { sha256, stored: length }: Stored): Promise<number> => {
    const place = stored;
    stored += plain ? dataBytes : length;
    await copy.index.add({ block: plain ? [number, sha256] : [number, sha256, place, length] });
    return place;
  };
  const copyBlock = async (block: Block, slot: Slot, signal: AbortSignal): Promise<void> => {
    const turn = turns.next();
    try {
      const length = contentBytes === undefined ? block.length : lengthOf(block.number, contentBytes);
      await fill(copy.source, block, slot.subarray(0, length), signal);
      const packed = await tools.workers.pack({ buffer: slot.buffer, length, encoding: copy.encoding });
      const dataBytes = block.pieces.reduce((sum, piece) => sum + piece.length, 0);
      await turn.comes;
      signal.throwIfAborted();
      if (!packed.zero) {
        const place = await list(block, dataBytes, packed);
        turn.end();
        await (plain
          ? writePieces(copy.file, block, slot)
          : writeFully(copy.file, slot.subarray(0, packed.stored), place));
      }
      copy.copied(dataBytes);
    } finally {
      turn.end();
    }
  };
  await sideBySide(blocksOf(copy.ranges), copy.signal, async (block, signal) => {
    const slot = await tools.slots.take(signal);
    return async () => {
      try {
        await copyBlock(block, slot, signal);
      } finally {
        tools.slots.give(slot);
      }
    };
  });
  return { stored };
};

const lengthOf = (number: number, contentBytes: number): number =>
  Math.min(blockBytes, contentBytes - number * blockBytes);

/** Every read has ended when this ends, also after a failure: the buffer is used again. */
const fill = async (source: DiskSource, { pieces }: Block, into: Slot, signal: AbortSignal): Promise<void> => {
  let end = 0;
  for (const { at, length } of pieces) {
    into.fill(0, end, at);
    end = at + length;
  }
  into.fill(0, end);
  const reads = await Promise.allSettled(
    pieces.map(({ offset, length, at }) => source.read(offset, into.subarray(at, at + length), signal)),
  );
  for (const read of reads) if (read.status === "rejected") throw read.reason;
};

/** Writes what is data: the zeroes in between stay holes. */
const writePieces = async (file: FileHandle, { number, pieces }: Block, slot: Slot): Promise<void> => {
  let start = pieces[0]?.at ?? 0;
  let end = start;
  const write = (): Promise<void> => writeFully(file, slot.subarray(start, end), number * blockBytes + start);
  for (const { at, length } of pieces) {
    if (at !== end) {
      await write();
      start = at;
    }
    end = at + length;
  }
  await write();
};
