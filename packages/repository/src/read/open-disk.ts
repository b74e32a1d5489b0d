import { failure, type DiskRange, type DiskSource } from "@quiesce/core";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { BlockEngine } from "../block/block-engine.ts";
import { blockBytes } from "../block/sizes.ts";
import { unlessAbsent } from "../file/error-code.ts";
import { damaged } from "../format/damaged.ts";
import type { RangeTable, StoredRange } from "../format/range-table.ts";
import { createBlockCache } from "./block-cache.ts";
import { layersOf, type ChainRoot, type Layer } from "./chain.ts";
import { overlay } from "./overlay.ts";
import { readBlock, type StoredContent } from "./stored-block.ts";

/** Reads at the same time that find a buffer beside one for each layer, which is read from front to back. */
const readsAtOnce = 4;

/** More layers than this are read correctly, but blocks are read again and again. */
const mostBuffers = 24;

/** The disk's content, put together from the newest layers that have it. */
export const openDisk = async (where: ChainRoot, id: string, engine: BlockEngine): Promise<DiskSource> => {
  const layers = await Array.fromAsync(layersOf(where, { id }));
  const bytes = layers[0]?.index.header.bytes ?? 0;
  const ranges = flatten(layers, bytes);
  await using opening = new AsyncDisposableStack();
  const { workers } = opening.use(engine.enter());
  const contents: StoredContent[] = [];
  for (const layer of layers) contents.push(await openContent(where.root, layer, opening));
  const cache = createBlockCache(Math.min(layers.length + readsAtOnce, mostBuffers), engine.spare);
  opening.defer(cache.close);
  const handles = opening.move();

  const readData = async ({ layer, place }: DataRange, from: number, into: Uint8Array): Promise<void> => {
    const content = contents[layer];
    if (content === undefined) throw new Error(`There is no layer ${layer}.`);
    for (let done = 0; done < into.length;) {
      const number = Math.floor((place + from + done) / blockBytes);
      const at = place + from + done - number * blockBytes;
      const part = into.subarray(done, done + blockBytes - at);
      const load = (slot: Parameters<typeof readBlock>[2]) => readBlock(content, number, slot, workers);
      await cache.with(`${layer}/${number}`, load, (slot) => part.set(slot.subarray(at, at + part.length)));
      done += part.length;
    }
  };
  return {
    bytes,
    ranges: (signal) => joined(rangesOf(ranges, contents, bytes), signal),
    read: async (offset, into, signal) => {
      if (offset < 0 || offset + into.length > bytes)
        throw failure("invalid", `The disk ${id} has ${bytes} bytes: none at ${offset} to ${offset + into.length}.`);
      for (const { range, from, at, length } of partsOf(ranges, offset, into.length)) {
        signal.throwIfAborted();
        const part = into.subarray(at, at + length);
        if (range === undefined) part.fill(0);
        else await readData(range, from, part);
      }
    },
    close: () => handles.disposeAsync(),
  };
};

type DataRange = StoredRange & { readonly place: number };

const flatten = (layers: readonly Layer[], bytes: number): RangeTable => {
  const [newest, ...older] = layers.map(({ index }) => index.ranges);
  if (newest === undefined) throw new Error("A chain has at least one disk.");
  return older.reduce((above, below, at) => overlay(above, below, at + 1, bytes), newest);
};

/** Without the layer's own ranges, which are as many as those of the whole chain. */
const openContent = async (
  root: string,
  { id, index: { header, end, blocks } }: Layer,
  opened: AsyncDisposableStack,
): Promise<StoredContent> => {
  const file = await open(join(root, id)).catch(unlessAbsent);
  if (file === undefined) throw damaged(`The file ${id} is missing.`);
  opened.use(file);
  return { id, index: { header, end, blocks }, file };
};

interface Part {
  /** Undefined where the disk is zero. */
  readonly range: DataRange | undefined;
  /** Inside the range. */
  readonly from: number;
  /** Inside what is read. */
  readonly at: number;
  readonly length: number;
}

/** Splits what is read by who has it. */
function* partsOf(ranges: RangeTable, offset: number, length: number): Generator<Part> {
  let index = ranges.indexAt(offset);
  for (let at = 0; at < length;) {
    const here = offset + at;
    const range = index >= 0 ? ranges.at(index) : undefined;
    if (range !== undefined && here < range.offset + range.length) {
      const from = here - range.offset;
      const part = Math.min(range.length - from, length - at);
      yield { range: isData(range) ? range : undefined, from, at, length: part };
      at += part;
    } else {
      index++;
      const until = index < ranges.length ? ranges.at(index).offset : Infinity;
      const part = Math.min(until - here, length - at);
      if (part > 0) yield { range: undefined, from: 0, at, length: part };
      at += part;
    }
  }
}

const isData = (range: StoredRange): range is DataRange => range.place !== undefined;

/** The whole disk without gaps; blocks that turned out to be all zero when they were stored are told as zero. */
function* rangesOf(ranges: RangeTable, contents: readonly StoredContent[], bytes: number): Generator<DiskRange> {
  let end = 0;
  for (let at = 0; at < ranges.length; at++) {
    const range = ranges.at(at);
    const { offset, length } = range;
    if (offset > end) yield { offset: end, length: offset - end, is: "zero" };
    end = offset + length;
    if (!isData(range)) yield { offset, length, is: "zero" };
    else {
      for (let done = 0; done < length;) {
        const number = Math.floor((range.place + done) / blockBytes);
        const part = Math.min(length - done, (number + 1) * blockBytes - range.place - done);
        const listed = contents[range.layer]?.index.blocks.has(number) === true;
        yield { offset: offset + done, length: part, is: listed ? "data" : "zero" };
        done += part;
      }
    }
  }
  if (end < bytes) yield { offset: end, length: bytes - end, is: "zero" };
}

/** Neighbours of one kind as one. */
async function* joined(ranges: Iterable<DiskRange>, signal: AbortSignal): AsyncGenerator<DiskRange> {
  let held: DiskRange | undefined;
  for (const range of ranges) {
    signal.throwIfAborted();
    if (held !== undefined && held.is === range.is) held = { ...held, length: held.length + range.length };
    else {
      if (held !== undefined) yield held;
      held = range;
    }
  }
  if (held !== undefined) yield held;
}
