import { isQuiesceError, QuiesceError } from "@quiesce/core";
import { randomBytes, randomUUID } from "node:crypto";
import { link, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, unlessAbsent } from "../file/error-code.ts";
import { makeFolder } from "../file/make-folder.ts";
import { nameOfPartial } from "../file/partial-file.ts";
import { syncFolder } from "../file/sync-folder.ts";

const file = "repository.json";
const schema = "quiesce.repository/1";

/** What a file system has at its root by itself. */
const notForeign = new Set(["lost+found"]);

/** Gives the id of the repository in a folder; makes it where there is none yet. */
export const openRoot = async (root: string, create: boolean): Promise<string> => {
  try {
    if (create && (await stat(root).catch(unlessAbsent)) === undefined) await makeFolder(root);
    await refuseOpenToAll(root);
    return (await readId(root)) ?? (await (create ? createIn(root) : Promise.reject(absent(root))));
  } catch (error) {
    throw isQuiesceError(error) ? error : unusable(root, error);
  }
};

const absent = (root: string): QuiesceError =>
  new QuiesceError("not-found", `There is no repository in ${root}.`, { hint: "Name the folder of one." });

const refuseOpenToAll = async (root: string): Promise<void> => {
  const found = await stat(root).catch(unlessAbsent);
  if (found === undefined) throw absent(root);
  if (!found.isDirectory())
    throw new QuiesceError("usage", `${root} is not a folder.`, { hint: "Name a folder for the repository." });
  if ((found.mode & 0o002) !== 0)
    throw new QuiesceError("refused", `Anybody may write to the folder ${root}: a backup there can be exchanged.`, {
      hint: `Take that right away (chmod o-w ${root}), or name another folder for the repository.`,
    });
};

/** Undefined when there is no repository yet. */
const readId = async (root: string): Promise<string | undefined> => {
  const text = await readFile(join(root, file), "utf8").catch(unlessAbsent);
  if (text === undefined) return undefined;
  const found = parsed(text);
  if (found?.schema === schema && typeof found.id === "string") return found.id;
  if (typeof found?.schema === "string" && /^quiesce\.repository\/\d+$/.test(found.schema))
    throw new QuiesceError("newer-store", `The repository ${root} was made by a newer version (${found.schema}).`, {
      hint: "Update Quiesce, or name another folder for the repository.",
    });
  throw new QuiesceError("damaged", `The repository ${root} is damaged: ${file} is not what was written.`, {
    hint: `Put back its ${file}; each index of a disk names the repository's id.`,
  });
};

const parsed = (text: string): { readonly schema?: unknown; readonly id?: unknown } | undefined => {
  try {
    return (JSON.parse(text) as { readonly schema?: unknown } | null) ?? undefined;
  } catch {
    return undefined;
  }
};

/** Written aside and linked: of two that do this at once, both end with the id of one. */
const createIn = async (root: string): Promise<string> => {
  const foreign = (await readdir(root)).filter((entry) => !notForeign.has(entry) && nameOfPartial(entry) !== file);
  if (foreign.length > 0 && !foreign.includes(file))
    throw new QuiesceError("refused", `The folder ${root} holds something else (${foreign.slice(0, 3).join(", ")}).`, {
      hint: "Name an empty folder, or a new one, for the repository.",
    });
  const aside = join(root, `${file}.${randomBytes(4).toString("hex")}.partial`);
  const content = `${JSON.stringify({ schema, id: randomUUID() }, undefined, 2)}\n`;
  await writeFile(aside, content, { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(aside, join(root, file));
    await syncFolder(root);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  } finally {
    await rm(aside, { force: true });
  }
  const id = await readId(root);
  if (id === undefined) throw new Error(`${file} went away while it was made.`);
  return id;
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not use it",
  EPERM: "this user, or the file system, does not allow it",
  EROFS: "the disk is mounted read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of its path is not a folder",
  EEXIST: "a part of its path is not a folder",
  ENOENT: "its folder cannot be made",
  EIO: "the disk reports an error",
};

const unusable = (root: string, error: unknown): unknown => {
  const reason = reasons[errorCode(error) ?? ""];
  return reason === undefined
    ? error
    : new QuiesceError("unreachable", `The repository ${root} cannot be opened: ${reason}.`, {
        hint: "Make the folder usable for this user, or name another one for the repository.",
        cause: error,
      });
};
