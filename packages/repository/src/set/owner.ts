import { failure, type OwnershipTag, type ProviderFailure } from "@quiesce/core";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode, unlessAbsent } from "../file/error-code.ts";
import { makeFolder } from "../file/make-folder.ts";
import { nameOfPartial, writeWhole } from "../file/partial-file.ts";
import { syncFolder } from "../file/sync-folder.ts";

const schema = "quiesce.owner/1";
const file = "owner.json";

/** Whose set it is, for the message that names who is in the way, and for whoever finds the folder without a manifest. */
export interface Owner extends OwnershipTag {
  readonly set: string;
}

/** Undefined when there is none, or none that can be read. */
export const readOwner = async (folder: string): Promise<Owner | undefined> => {
  const text = await readFile(join(folder, file), "utf8").catch(unlessAbsent);
  try {
    const { schema: found, ...owner } = JSON.parse(text ?? "{}") as Owner & { readonly schema?: unknown };
    return found === schema ? owner : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Takes a set's folder for one run. The folder is made aside with its owner in it and moved into its place, which
 * succeeds for one only; so it is never there without an owner, whenever a process dies.
 */
export const takeSet = async (folder: string, owner: Owner): Promise<void> => {
  for (let attempt = 0; attempt < 5; attempt++) {
    const there = await readOwner(folder);
    if (there !== undefined) {
      if (there.store === owner.store && there.run === owner.run) return;
      throw taken(folder, owner, there);
    }
    if (await moveIntoPlace(folder, owner)) return;
    // Another took it, or one that is being removed lost its owner first: look again.
    await sleep(20);
  }
  throw failure(
    "conflict",
    `The folder ${folder} holds files, but not who made them (${file}); nothing was written. Move it away, or choose another name for the set.`,
  );
};

const taken = (folder: string, owner: Owner, by: Owner): ProviderFailure =>
  failure(
    "conflict",
    `The set ${owner.set} of deployment ${owner.deployment} belongs to run ${by.run}${by.store === owner.store ? "" : ` of another store (${by.store})`}: ${folder}. Choose another name, or remove that set first.`,
  );

const moveIntoPlace = async (folder: string, owner: Owner): Promise<boolean> => {
  const parent = dirname(folder);
  await makeFolder(parent);
  const aside = `${folder}.${randomBytes(4).toString("hex")}.partial`;
  await mkdir(aside, { mode: 0o700 });
  try {
    await writeWhole(join(aside, file), `${JSON.stringify({ schema, ...owner }, undefined, 2)}\n`);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (["EEXIST", "ENOTEMPTY", "ENOENT"].includes(errorCode(error) ?? "")) return false;
    throw error;
  }
  await syncFolder(parent);
  await sweep(parent, basename(folder));
  return true;
};

/**
 * What a process left that died before it moved the folder into its place. Only who has the place may do this: before,
 * it could empty the folder of another who is about to move it, and a folder without an owner would be in the place.
 */
const sweep = async (parent: string, name: string): Promise<void> => {
  for (const entry of await readdir(parent))
    if (nameOfPartial(entry) === name) await rm(join(parent, entry), { recursive: true, force: true });
};

/** Removes a set's folder when nothing but its owner is left in it. */
export const leaveSet = async (folder: string): Promise<void> => {
  const entries = (await readdir(folder).catch(unlessAbsent)) ?? [];
  if (entries.some((entry) => entry !== file)) return;
  await rm(join(folder, file), { force: true });
  await dropEmpty(folder);
  await dropEmpty(dirname(folder));
};

/** Removes a folder that is empty; any other stays. */
export const dropEmpty = async (folder: string): Promise<void> => {
  try {
    await rmdir(folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(errorCode(error) ?? "")) throw error;
  }
};
