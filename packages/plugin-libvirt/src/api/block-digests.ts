import { createHash, type Hash } from "node:crypto";
import type { StreamPart } from "@quiesce/node-libvirt";

export const digestBlockBytes = 4 * 1024 * 1024;

/** The SHA-256 of each block of 4 MiB in hex; an empty text for one that reads as zeroes. */
export type BlockDigests = readonly string[];

const zeroes = Buffer.alloc(256 * 1024);

export const isZero = (bytes: Uint8Array): boolean => {
  for (let at = 0; at < bytes.length; at += zeroes.length) {
    const part = bytes.subarray(at, at + zeroes.length);
    if (zeroes.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
};

/** Takes a disk's content in order. Zeroes count the same whether they are sent or told as a hole. */
export const digestsOf = () => {
  const digests: string[] = [];
  let hash: Hash | undefined;
  let filled = 0;
  let unhashed = 0;

  const hashZeroes = (into: Hash): void => {
    for (; unhashed > 0; unhashed -= Math.min(unhashed, zeroes.length))
      into.update(zeroes.subarray(0, Math.min(unhashed, zeroes.length)));
  };
  const end = (): void => {
    if (hash !== undefined) hashZeroes(hash);
    digests.push(hash?.digest("hex") ?? "");
    hash = undefined;
    filled = 0;
    unhashed = 0;
  };
  const take = (length: number, bytes: Uint8Array | undefined): void => {
    if (bytes === undefined || isZero(bytes)) unhashed += length;
    else {
      hash ??= createHash("sha256");
      hashZeroes(hash);
      hash.update(bytes);
    }
    filled += length;
    if (filled === digestBlockBytes) end();
  };

  return {
    add: (part: StreamPart): void => {
      const total = part.kind === "data" ? part.bytes.length : part.length;
      for (let at = 0; at < total;) {
        const length = Math.min(total - at, digestBlockBytes - filled);
        take(length, part.kind === "data" ? part.bytes.subarray(at, at + length) : undefined);
        at += length;
      }
    },
    /** The digests of all that came; a last block that is not full counts as it is. */
    done: (): BlockDigests => {
      if (filled > 0) end();
      return digests;
    },
  };
};

/** The first byte of the first block that differs; undefined when both hold the same. */
export const firstDifference = (one: BlockDigests, other: BlockDigests): number | undefined => {
  const blocks = Math.max(one.length, other.length);
  for (let block = 0; block < blocks; block += 1) if (one[block] !== other[block]) return block * digestBlockBytes;
  return undefined;
};
