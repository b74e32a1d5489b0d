import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { createBlockTable, type BlockTable } from "./block-table.ts";
import { damaged } from "./damaged.ts";
import type { IndexEnd, IndexHeader, IndexLine } from "./index-line.ts";
import { createRangeTable, type RangeTable } from "./range-table.ts";

/** What an index says, once its own digest has proved that every line is as it was written. */
export interface DiskIndex {
  readonly header: IndexHeader;
  readonly end: IndexEnd;
  readonly ranges: RangeTable;
  readonly blocks: BlockTable;
  /** Of the index file. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Throws ProviderFailure `damaged`, or what the file system says. `id`: the index's path below the root. */
export const readIndex = async (path: string, id: string): Promise<DiskIndex> => {
  await using file = await open(path);
  const whole = createHash("sha256");
  const before = createHash("sha256");
  const ranges = createRangeTable();
  const blocks = createBlockTable();
  let header: IndexHeader | undefined;
  let bytes = 0;
  const take = (lines: Buffer): void => {
    whole.update(lines);
    before.update(lines);
    bytes += lines.length;
    for (const text of lines.toString().split("\n")) {
      if (text === "") continue;
      const line = lineOf(text, id);
      if ("data" in line) ranges.add(...line.data);
      else if ("zero" in line) ranges.add(...line.zero, undefined);
      else if ("block" in line) blocks.add(line);
      else if ("schema" in line) header = checkedHeader(line, id);
    }
  };
  const last = await eachButLast(file, take);
  const end = last.at(-1) === 10 ? lineOf(last.toString(), id) : undefined;
  if (header === undefined || end === undefined || !("end" in end))
    throw damaged(`The index ${id} ends too early: it was cut off.`);
  if (end.end.sha256 !== before.digest("hex"))
    throw damaged(`The index ${id} is not what was written: its digest does not fit.`);
  whole.update(last);
  return { header, end: end.end, ranges, blocks, sha256: whole.digest("hex"), bytes: bytes + last.length };
};

const chunkBytes = 64 * 1024;

/** Hands out whole lines, many at once, and gives the last one. */
const eachButLast = async (file: FileHandle, take: (lines: Buffer) => void): Promise<Buffer> => {
  const chunk = Buffer.alloc(chunkBytes);
  let held = Buffer.alloc(0);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length);
    if (bytesRead === 0) return held;
    held = Buffer.concat([held, chunk.subarray(0, bytesRead)]);
    const lastLine = held.lastIndexOf(10, -2) + 1;
    take(held.subarray(0, lastLine));
    held = held.subarray(lastLine);
  }
};

const lineOf = (text: string, id: string): IndexLine => {
  try {
    return JSON.parse(text) as IndexLine;
  } catch {
    throw damaged(`The index ${id} is not what was written: a line of it cannot be read.`);
  }
};

const checkedHeader = (line: IndexHeader, id: string): IndexHeader => {
  if (line.schema === "quiesce.disk/1") return line;
  throw damaged(`The index ${id} has the schema ${String(line.schema)}, which this version of Quiesce does not know.`);
};
