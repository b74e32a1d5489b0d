import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and its parents, for their owner only. Node's own recursive mkdir never ends where a folder that is
 * there refuses a new one with ENOENT, as /proc does.
 */
export const makeFolder = async (folder: string): Promise<void> => {
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMissing || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
  }
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw error;
  }
};
