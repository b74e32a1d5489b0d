import { open } from "node:fs/promises";
import { unlessAbsent } from "../file/error-code.ts";
import { readFully } from "../file/read-fully.ts";
import type { IndexHeader } from "./index-line.ts";

/** A header's ids are at most some 900 bytes each. */
const mostBytes = 8 * 1024;

/** An index's first line alone, not checked; undefined when there is none that can be read. */
export const readHeader = async (
  path: string,
): Promise<(Partial<IndexHeader> & Pick<IndexHeader, "id">) | undefined> => {
  await using file = await open(path).catch(unlessAbsent);
  if (file === undefined) return undefined;
  const start = Buffer.alloc(mostBytes);
  const text = start.toString("utf8", 0, await readFully(file, start, 0));
  try {
    const header = JSON.parse(text.slice(0, text.indexOf("\n"))) as Partial<IndexHeader> | null;
    return typeof header?.id === "string" ? { ...header, id: header.id } : undefined;
  } catch {
    return undefined;
  }
};
