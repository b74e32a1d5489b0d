import { failure } from "@quiesce/core";
import { realpath, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { removePartials } from "../file/partial-file.ts";
import { syncFolder } from "../file/sync-folder.ts";
import { readHeader } from "../format/read-header.ts";
import { refuseDependants } from "./dependants.ts";
import { placeOf, type FilePlace } from "./layout.ts";
import { dropEmpty, leaveSet } from "./owner.ts";

/** Removes a stored file and what proves it, and folders that are empty then. Absent is success. */
export const removeFile = async (root: string, id: string): Promise<void> => {
  const place = placeOf(id);
  if (place === undefined) throw failure("invalid", `${id} is not a file of a repository; nothing was removed.`);
  const folder = join(root, place.folder);
  if ((await refuseLinks(root, place.folder)) === "absent") return;
  for (const path of await inOrderOfRemoval(root, place)) {
    await rm(join(root, path), { force: true });
    await syncFolder(folder);
  }
  await removePartials(folder, [basename(id), basename(place.proof)]);
  await dropEmpty(folder);
  await leaveSet(join(root, place.set));
};

/** What dies in between never seems whole, and is still known as ours: a disk's index goes first, a digest last. */
const inOrderOfRemoval = async (root: string, { is, id, proof }: FilePlace): Promise<readonly string[]> => {
  if (is === "file") return [id, proof];
  await refuseDependants(root, id, "removed");
  // The disk may have been stored anew as the other kind: that one's index stays.
  const proves = (await readHeader(join(root, proof)))?.id ?? id;
  return proves === id ? [proof, id] : [id];
};

/** A link below the root could lead a removal elsewhere. */
export const refuseLinks = async (root: string, folder: string): Promise<"inside" | "absent"> => {
  const real = await realpath(join(root, folder)).catch(unlessAbsent);
  if (real === undefined) return "absent";
  if (real !== join(await realpath(root), folder))
    throw failure("invalid", `${join(root, folder)} leads out of the repository (${real}); nothing was changed.`);
  return "inside";
};
