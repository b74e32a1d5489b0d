import type { DiskSource } from "@quiesce/core";
import type { StreamPart } from "@quiesce/node-libvirt";
import { digestBlockBytes as blockBytes, isZero } from "./block-digests.ts";

/** Blocks that are read at once: the repository checks each while others come. */
const ahead = 4;
/** The usual size of a cluster in a qcow2 file: zeroes of this length need no room. */
const grainBytes = 64 * 1024;

/**
 * The whole content of a disk in order, as a stream to a volume takes it: what reads as zeroes is a hole. Memory is bounded
 * whatever the disk's size; nothing is read while nobody takes the parts.
 */
export async function* diskParts(source: DiskSource, signal: AbortSignal): AsyncGenerator<StreamPart, void, undefined> {
  const waiting: { readonly start: number; readonly bytes: Promise<Uint8Array> }[] = [];
  const blocks = dataBlocks(source, signal);
  let end = 0;
  try {
    for (let more = true; more || waiting.length > 0;) {
      while (more && waiting.length < ahead) {
        const { value: block, done } = await blocks.next();
        more = done !== true;
        if (block !== undefined) waiting.push(readBlock(source, block, signal));
      }
      const next = waiting.shift();
      if (next === undefined) break;
      if (next.start > end) yield { kind: "hole", length: next.start - end };
      const bytes = await next.bytes;
      yield* sparsely(bytes);
      end = next.start + bytes.length;
    }
    if (end < source.bytes) yield { kind: "hole", length: source.bytes - end };
  } finally {
    await Promise.allSettled(waiting.map(({ bytes }) => bytes));
  }
}

const readBlock = (source: DiskSource, block: number, signal: AbortSignal) => {
  const start = block * blockBytes;
  const into = new Uint8Array(Math.min(blockBytes, source.bytes - start));
  const bytes = source.read(start, into, signal).then(() => into);
  // Whoever takes it hears of a failure; until then it must not count as unheard.
  bytes.catch(() => {});
  return { start, bytes };
};

/** Numbers of the blocks that hold data, each once. */
async function* dataBlocks(source: DiskSource, signal: AbortSignal): AsyncGenerator<number, undefined, undefined> {
  let next = 0;
  for await (const { offset, length, is } of source.ranges(signal)) {
    if (is === "zero" || length === 0) continue;
    const last = Math.floor((offset + length - 1) / blockBytes);
    for (let block = Math.max(next, Math.floor(offset / blockBytes)); block <= last; block += 1) yield block;
    next = Math.max(next, last + 1);
  }
  return undefined;
}

function* sparsely(bytes: Uint8Array): Generator<StreamPart, void, undefined> {
  let from = 0;
  let zero: boolean | undefined;
  const part = (to: number): StreamPart =>
    zero === true ? { kind: "hole", length: to - from } : { kind: "data", bytes: bytes.subarray(from, to) };
  for (let at = 0; at < bytes.length; at += grainBytes) {
    const now = isZero(bytes.subarray(at, at + grainBytes));
    if (zero !== undefined && now !== zero) {
      yield part(at);
      from = at;
    }
    zero = now;
  }
  if (from < bytes.length) yield part(bytes.length);
}
