import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./error-code.ts";
import { syncFolder } from "./sync-folder.ts";

/** Makes a folder and its parents, for their owner only, so that they survive a power loss. */
export const makeFolder = async (folder: string): Promise<void> => {
  const there = await stat(folder).catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT" || dirname(folder) === folder) throw error;
  });
  if (there?.isDirectory() === true) return;
  if (there === undefined) await makeFolder(dirname(folder));
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw error;
    return;
  }
  await syncFolder(dirname(folder));
};
