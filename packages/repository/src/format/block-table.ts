import { createColumn, lastAtMost } from "./column.ts";
import type { BlockLine } from "./index-line.ts";

export interface StoredBlock {
  readonly number: number;
  readonly sha256: string;
  /** Where the file has it, and how many bytes it takes there; undefined where it is not encoded. */
  readonly encoded: { readonly place: number; readonly length: number } | undefined;
}

/** The blocks that an index lists; iterating gives their numbers in order. One that it does not list is all zero. */
export interface BlockTable extends Iterable<number> {
  add(line: BlockLine): void;
  has(number: number): boolean;
  get(number: number): StoredBlock | undefined;
}

const digestBytes = 32;

export const createBlockTable = (): BlockTable => {
  const numbers = createColumn();
  const places = createColumn();
  const lengths = createColumn();
  let digests = Buffer.alloc(64 * digestBytes);
  const find = (number: number): number => {
    const at = lastAtMost(numbers, number);
    return at >= 0 && numbers.at(at) === number ? at : -1;
  };
  return {
    add: ({ block: [number, sha256, place = 0, length = 0] }) => {
      const at = numbers.length * digestBytes;
      if (at === digests.length) digests = Buffer.concat([digests, Buffer.alloc(at)]);
      digests.write(sha256, at, "hex");
      numbers.push(number);
      places.push(place);
      lengths.push(length);
    },
    has: (number) => find(number) >= 0,
    get: (number) => {
      const at = find(number);
      if (at < 0) return undefined;
      const length = lengths.at(at);
      const sha256 = digests.toString("hex", at * digestBytes, (at + 1) * digestBytes);
      return { number, sha256, encoded: length === 0 ? undefined : { place: places.at(at), length } };
    },
    *[Symbol.iterator]() {
      for (let at = 0; at < numbers.length; at++) yield numbers.at(at);
    },
  };
};
