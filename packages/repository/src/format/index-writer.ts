import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { IndexEnd, IndexLine } from "./index-line.ts";

export interface IndexWriter {
  /** Keeps the order of the calls; resolves when there is room for more. */
  add(line: IndexLine): Promise<void>;
  /** Writes the last line; gives the whole file's digest and size. */
  end(end: Omit<IndexEnd, "sha256">): Promise<{ readonly sha256: string; readonly bytes: number }>;
}

const flushAt = 64 * 1024;

export const createIndexWriter = (file: FileHandle): IndexWriter => {
  const digest = createHash("sha256");
  let lines: string[] = [];
  let held = 0;
  let bytes = 0;
  let written = Promise.resolve();
  const push = (line: IndexLine): void => {
    const text = `${JSON.stringify(line)}\n`;
    lines.push(text);
    held += text.length;
  };
  const flush = (): Promise<void> => {
    const text = Buffer.from(lines.join(""));
    lines = [];
    held = 0;
    bytes += text.length;
    digest.update(text);
    written = written.then(() => file.appendFile(text));
    return written;
  };
  return {
    add: async (line) => {
      push(line);
      if (held >= flushAt) await flush();
    },
    end: async (end) => {
      await flush();
      push({ end: { ...end, sha256: digest.copy().digest("hex") } });
      await flush();
      return { sha256: digest.digest("hex"), bytes };
    },
  };
};
