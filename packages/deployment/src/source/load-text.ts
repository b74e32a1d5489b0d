import { open } from "node:fs/promises";
import type { ProblemCode, Result } from "@quiesce/core";

/** Longest file that is read. A file of this size parses well within a second. */
export const maxBytes = 384 * 1024;

const refused = (code: ProblemCode, message: string, hint: string): Result<never> => ({
  ok: false,
  problems: [{ code, message, hint }],
});

const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown reason";

const unreadable = (file: string, thrown: unknown): Result<never> => {
  const reason = reasonOf(thrown);
  const where = `Cannot read the deployment file ${file}`;
  if (reason === "ENOENT") return refused("not-found", `${where}: there is no such file`, "Check the path.");
  if (reason === "EISDIR")
    return refused("config-invalid", `${where}: it is a folder`, "Name the file in it, for example quiesce.yaml.");
  return refused("config-invalid", `${where}: ${reason}`, "Check that you may read the file.");
};

/** Reads at most one byte more than the limit, so that a device or an endless pipe ends as well. */
const readUpToLimit = async (file: string): Promise<Buffer> => {
  await using handle = await open(file, "r");
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
};

const decode = (file: string, bytes: Uint8Array): Result<string> => {
  if (bytes.byteLength > maxBytes)
    return refused(
      "config-invalid",
      `Cannot read the deployment file ${file}: it is larger than ${maxBytes / 1024} KiB`,
      "Split it into several deployments, or let selectors find the instances.",
    );
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return refused(
      "config-invalid",
      `Cannot read the deployment file ${file}: it is not UTF-8 text`,
      "Save it as UTF-8.",
    );
  }
};

/** The file's text, bounded in size; every failure is a problem that names the file. */
export const loadText = async (file: string): Promise<Result<string>> => {
  try {
    return decode(file, await readUpToLimit(file));
  } catch (error) {
    return unreadable(file, error);
  }
};

/** The same bounds for text that did not come from a file. */
export const checkText = (file: string, text: string): Result<string> =>
  text.length > maxBytes ? decode(file, Buffer.from(text.slice(0, maxBytes + 1))) : { ok: true, value: text };
