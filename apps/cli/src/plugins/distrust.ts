import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Why code in this folder must not be loaded, or undefined when it may: others could have put it there. A folder is
 * trusted when it is not world-writable, nor the one above it (a sticky one such as /tmp is harmless for a folder of
 * ours), and when it belongs to us, to root or to the owner of this installation.
 */
export const distrust = async (folder: string, ownerOfInstallation: number): Promise<string | undefined> => {
  const us = process.getuid?.();
  // Windows has no such bits; there the folder's access list decides alone.
  if (us === undefined) return undefined;
  const { mode, uid } = await stat(folder);
  if (isWorldWritable(mode)) return "it is world-writable";
  if (![us, 0, ownerOfInstallation].includes(uid)) return `it belongs to another user (uid ${uid})`;
  const above = await stat(dirname(folder));
  return isWorldWritable(above.mode) && !isSticky(above.mode) ? "the folder above it is world-writable" : undefined;
};

const isWorldWritable = (mode: number): boolean => (mode & 0o002) !== 0;
const isSticky = (mode: number): boolean => (mode & 0o1000) !== 0;
