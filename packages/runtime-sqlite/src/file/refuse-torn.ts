import { QuiesceError } from "@quiesce/core";
import { open, stat } from "node:fs/promises";

/** Of SQLite's header (sqlite.org/fileformat2.html): its first bytes, and where its numbers are. */
const magic = Buffer.from("SQLite format 3\0");
const at = { pageSize: 16, changes: 24, pages: 28, countedAt: 92, end: 100 } as const;

/**
 * Refuses a file that is shorter than its own header says while no log can hold the rest: it was cut, by a copy that
 * was broken off or by a file system that lost its end. SQLite sees this only where whole pages are missing; it reads
 * zeros where a part of one is, and takes a file of a few bytes for an empty one, which it fills.
 */
export const refuseTorn = async (path: string): Promise<void> => {
  // Another process that is just closing writes the file's end and then removes the log: looked at again.
  if (!(await isTorn(path)) || !(await isTorn(path))) return;
  throw new QuiesceError("damaged", `The store ${path} is not a database, or a part of it is missing.`, {
    hint: "Restore it from a copy, or name another file for the store.",
  });
};

const isTorn = async (path: string): Promise<boolean> => {
  const wanted = await bytesBy(path);
  const [size, log] = [await sizeOf(path), await sizeOf(`${path}-wal`)];
  // A new file is empty until its first page is written, and has no log before that.
  if (size === 0) return log > 0;
  return size < wanted && log === 0 && (await sizeOf(`${path}-journal`)) === 0;
};

/** How long the file must be by its own account. */
const bytesBy = async (path: string): Promise<number> => {
  await using file = await open(path, "r");
  const { bytesRead, buffer } = await file.read(Buffer.alloc(at.end), 0, at.end, 0);
  if (bytesRead < at.end) return at.end;
  // Where these differ, a program that does not know the count wrote last, and SQLite goes by the file's length.
  const isCounted = buffer.readUInt32BE(at.changes) === buffer.readUInt32BE(at.countedAt);
  if (!isCounted || !buffer.subarray(0, magic.length).equals(magic)) return 0;
  const size = buffer.readUInt16BE(at.pageSize);
  return (size === 1 ? 65_536 : size) * buffer.readUInt32BE(at.pages);
};

const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
};
