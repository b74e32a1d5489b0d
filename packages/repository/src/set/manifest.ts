import type { KeptSet, SetKey } from "@quiesce/core";
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { removePartials, writeWhole } from "../file/partial-file.ts";
import { syncFolder } from "../file/sync-folder.ts";
import { damaged } from "../format/damaged.ts";
import { setFolderOf } from "./layout.ts";
import { leaveSet, readOwner, takeSet } from "./owner.ts";
import { refuseLinks } from "./remove-file.ts";

const file = "manifest.json";
const schema = "quiesce.set/1";

/** What the file holds: the set, and the digest of its plain JSON text, so that a change of any byte is told. */
interface ManifestFile extends KeptSet {
  readonly schema: typeof schema;
  readonly sha256: string;
}

const digestOf = ({ store, manifest }: KeptSet): string =>
  createHash("sha256").update(JSON.stringify({ store, manifest })).digest("hex");

export const keepManifest = async (root: string, { store, manifest }: KeptSet): Promise<void> => {
  const { deployment, run, name } = manifest;
  const folder = setFolderOf(manifest);
  await takeSet(join(root, folder), { store, deployment, run, set: name });
  await refuseLinks(root, folder);
  await removePartials(join(root, folder), [file]);
  const kept: ManifestFile = { schema, sha256: digestOf({ store, manifest }), store, manifest };
  await writeWhole(join(root, folder, file), `${JSON.stringify(kept, undefined, 2)}\n`);
};

/** A manifest with another id stays. A folder that only its owner is left in goes, if it is this set's. */
export const dropManifest = async (root: string, set: SetKey): Promise<void> => {
  const folder = setFolderOf(set);
  const path = join(root, folder);
  if ((await refuseLinks(root, folder)) === "absent") return;
  const text = await readFile(join(path, file), "utf8").catch(unlessAbsent);
  if (text === undefined) {
    // A set has the id of the run that makes it.
    if ((await readOwner(path))?.run === (set.id as string)) await leaveSet(path);
    return;
  }
  const id = parsed(text)?.manifest?.id;
  if (typeof id !== "string")
    throw damaged(`The manifest ${folder}/${file} cannot be read, so nobody knows whose it is. Move it away by hand.`);
  if (id !== set.id) return;
  await rm(join(path, file), { force: true });
  await removePartials(path, [file]);
  await syncFolder(path);
  await leaveSet(path);
};

/** Undefined when there is none. Throws `damaged`. `folder`: the set's, below the root. */
export const readManifest = async (root: string, folder: string): Promise<KeptSet | undefined> => {
  const text = await readFile(join(root, folder, file), "utf8").catch(unlessAbsent);
  if (text === undefined) return undefined;
  const found = parsed(text);
  if (found === undefined) throw damaged(`The manifest is cut off, or is not what was written.`);
  if (found.schema !== schema || found.manifest?.schema !== "quiesce.backup/1")
    throw damaged(`The manifest is of a schema that this version does not know (${said(found)}); a newer one may.`);
  const { store, manifest } = found as ManifestFile;
  if (digestOf({ store, manifest }) !== found.sha256)
    throw damaged("The manifest is not what was written: its digest does not fit.");
  if (setFolderOf(manifest) !== folder)
    throw damaged(`The manifest is that of ${setFolderOf(manifest)}: the folder was moved or renamed.`);
  return { store, manifest };
};

interface Unchecked {
  readonly schema?: unknown;
  readonly sha256?: unknown;
  readonly manifest?: { readonly schema?: unknown; readonly id?: unknown };
}

const parsed = (text: string): Unchecked | undefined => {
  try {
    const found = JSON.parse(text) as Unchecked | null;
    return typeof found === "object" && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
};

const said = ({ schema, manifest }: Unchecked): string => `${String(schema)}, ${String(manifest?.schema)}`;
