import type { FileHandle } from "node:fs/promises";
import type { BlockTools } from "../block/block-engine.ts";
import { blockBytes } from "../block/sizes.ts";
import type { Slot } from "../block/slots.ts";
import { readFully } from "../file/read-fully.ts";
import { damaged } from "../format/damaged.ts";
import type { DiskIndex } from "../format/disk-index.ts";

export interface StoredContent {
  readonly id: string;
  readonly index: Pick<DiskIndex, "header" | "end" | "blocks">;
  readonly file: FileHandle;
}

/** Where the file has a block. */
export const placeOfBlock = (
  { index: { blocks, end } }: StoredContent,
  number: number,
): { readonly at: number; readonly length: number } => {
  const encoded = blocks.get(number)?.encoded;
  if (encoded !== undefined) return { at: encoded.place, length: encoded.length };
  const at = number * blockBytes;
  return { at, length: Math.min(blockBytes, end.contentBytes - at) };
};

/** Fills the buffer with a block once it is proved to be what was written; else throws `damaged`. */
export const readBlock = async (
  content: StoredContent,
  number: number,
  slot: Slot,
  workers: BlockTools["workers"],
): Promise<void> => {
  const block = content.index.blocks.get(number);
  if (block === undefined) return void slot.fill(0, 0, blockBytes);
  const stored = await readStored(content, number, slot);
  const { encoding } = content.index.header;
  const checked = await workers.unpack({ buffer: slot.buffer, stored, encoding, sha256: block.sha256 });
  if (!checked.good) throw damaged(`${nameOf(content, number)} is not what was written: its digest does not fit.`);
};

/** Proves that a block which is not listed is zero in the file too. */
export const readHole = async (
  content: StoredContent,
  number: number,
  slot: Slot,
  workers: BlockTools["workers"],
): Promise<void> => {
  const length = await readStored(content, number, slot);
  const packed = await workers.pack({ buffer: slot.buffer, length, encoding: "plain" });
  if (!packed.zero) throw damaged(`${nameOf(content, number)} is not what was written: it was zero.`);
};

const readStored = async (content: StoredContent, number: number, slot: Slot): Promise<number> => {
  const { at, length } = placeOfBlock(content, number);
  const read = await readFully(content.file, slot.subarray(0, length), at);
  if (read === length) return length;
  throw damaged(`${nameOf(content, number)} is missing: the file ends before it does.`);
};

const nameOf = (content: StoredContent, number: number): string => {
  const { at, length } = placeOfBlock(content, number);
  return `Block ${number} of ${content.id} (${length} bytes at ${at})`;
};
