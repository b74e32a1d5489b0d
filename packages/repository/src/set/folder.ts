import { failure, type Repository, type RepositoryFolder, type RepositoryPlace, type StoredFile } from "@quiesce/core";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { putDisk } from "../copy/put-disk.ts";
import { unlessAbsent } from "../file/error-code.ts";
import { folderName } from "../file/encode-name.ts";
import { makeFolder } from "../file/make-folder.ts";
import { readIndex } from "../format/disk-index.ts";
import { readHeader } from "../format/read-header.ts";
import { isDamaged } from "../format/damaged.ts";
import { readLayer } from "../read/chain.ts";
import type { Shared } from "../shared.ts";
import { clearFolder } from "./clear-folder.ts";
import { deploymentFolderOf, refuseDependants } from "./dependants.ts";
import { filesOfDisk, placeOf, setFolderOf, smallFileName } from "./layout.ts";
import { readOwner, takeSet } from "./owner.ts";
import { refuseLinks, removeFile } from "./remove-file.ts";
import { lookAtSmallFile, putSmallFile } from "./small-file.ts";

/** Runs work; an error of the file system comes out in plain words. */
export type Plainly = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** What a step sees of a repository: the files of its own set and instance. */
export const openFolder = (
  shared: Shared,
  reader: Pick<Repository, "id" | "location" | "freeBytes" | "openDisk" | "readFile">,
  { tag, backup, instance }: RepositoryPlace,
  plainly: Plainly,
): RepositoryFolder => {
  const { root } = shared;
  const set = setFolderOf({ ...tag, ...backup });
  const folder = `${set}/${folderName(instance)}`;
  const owner = { ...tag, set: backup.name };
  const take = async (): Promise<void> => {
    await takeSet(join(root, set), owner);
    await makeFolder(join(root, folder));
    await refuseLinks(root, folder);
  };
  const isOurs = async (): Promise<boolean> => {
    const by = await readOwner(join(root, set));
    return by?.store === tag.store && by.run === tag.run;
  };
  return {
    ...reader,
    find: (name) => plainly(name, async () => ((await isOurs()) ? find(root, folder, name) : undefined)),
    putDisk: (put, source) =>
      plainly(`disk ${put.disk} of ${instance}`, async () => {
        const parent = await parentOf(shared, `${folder}/${put.disk}`, put.parent);
        await take();
        const before = await readHeader(join(root, folder, filesOfDisk(put.disk).index));
        if (before !== undefined) await refuseDependants(root, before.id, "stored anew");
        using tools = shared.engine.enter();
        return await putDisk(put, parent, source, { ...shared, folder }, tools);
      }),
    putFile: (name, bytes) =>
      plainly(`file ${name} of ${instance}`, async () => {
        const file = smallFileName(name);
        await take();
        return putSmallFile(root, `${folder}/${file}`, bytes);
      }),
    remove: (id) => plainly(id, () => removeFile(root, id)),
    clear: () =>
      plainly(folder, async () => {
        if (await isOurs()) await clearFolder(root, set, folder);
      }),
  };
};

/** The parent as the increment's header names it, once its index is read. */
const parentOf = async (shared: Shared, child: string, id: string | undefined) => {
  if (id === undefined) return undefined;
  const place = placeOf(id);
  if (place === undefined || deploymentFolderOf(id) !== deploymentFolderOf(child) || child.startsWith(`${place.set}/`))
    throw failure("invalid", `No increment of ${child} can build on ${id}: it is not a disk of an earlier set of it.`);
  const { sha256 } = await readLayer(shared, { id, by: child });
  return { id, sha256 };
};

const find = async (root: string, folder: string, name: string): Promise<StoredFile | undefined> =>
  (await findDisk(root, folder, name)) ?? (await findFile(root, folder, name));

/** A disk that is damaged is not whole: it is stored again. */
const findDisk = async (root: string, folder: string, name: string): Promise<StoredFile | undefined> => {
  const path = `${folder}/${filesOfDisk(name).index}`;
  const index = await readIndex(join(root, path), path).catch(unlessWhole);
  if (index === undefined) return undefined;
  const { header, end, sha256 } = index;
  const content = await stat(join(root, header.id)).catch(unlessAbsent);
  if (content?.size !== end.fileBytes) return undefined;
  const file = { id: header.id, bytes: end.stored + index.bytes, sha256 };
  return header.parent === undefined ? file : { ...file, parent: header.parent.id };
};

const findFile = async (root: string, folder: string, name: string): Promise<StoredFile | undefined> => {
  const id = `${folder}/${smallFileName(name)}`;
  const found = await lookAtSmallFile(root, id).catch(unlessWhole);
  return found === undefined ? undefined : { id, bytes: found.bytes.length, sha256: found.sha256 };
};

const unlessWhole = (error: unknown): undefined => {
  if (!isDamaged(error)) unlessAbsent(error);
};
