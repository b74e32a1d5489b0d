import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { nameOfPartial } from "../file/partial-file.ts";
import { placeOf } from "./layout.ts";
import { dropEmpty, leaveSet } from "./owner.ts";
import { refuseLinks, removeFile } from "./remove-file.ts";

/** Removes all files of an instance in a set, whole or not. Absent is success. `folder`: the instance's, below the root. */
export const clearFolder = async (root: string, set: string, folder: string): Promise<void> => {
  if ((await refuseLinks(root, folder)) === "inside") {
    const entries = await entriesOf(root, folder);
    for (const entry of entries) if (isOurs(folder, entry, entries)) await removeFile(root, `${folder}/${entry}`);
    for (const entry of await entriesOf(root, folder))
      if (isRest(entry)) await rm(join(root, folder, entry), { force: true });
    await dropEmpty(join(root, folder));
  }
  await leaveSet(join(root, set));
};

const entriesOf = async (root: string, folder: string): Promise<readonly string[]> =>
  (await readdir(join(root, folder)).catch(unlessAbsent)) ?? [];

/** A disk by its name, a small file by its digest: people may have put other files there. */
const isOurs = (folder: string, entry: string, entries: readonly string[]): boolean =>
  placeOf(`${folder}/${entry}`)?.is === "disk" || entries.includes(`${entry}.sha256`);

/** A part that a writer left, and a proof whose content somebody took away. */
const isRest = (entry: string): boolean => nameOfPartial(entry) !== undefined || /\.(?:index|sha256)$/.test(entry);
