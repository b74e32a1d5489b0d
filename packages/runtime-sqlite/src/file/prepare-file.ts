import { QuiesceError } from "@quiesce/core";
import { constants } from "node:fs";
import { chmod, open, stat, statfs, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "./make-folder.ts";
import { networkFileSystem } from "./network-file-system.ts";

/**
 * Makes sure that the store's file exists, is on a local file system and can be written. File and folder are made for
 * their owner only; a folder that exists keeps its mode.
 */
export const prepareFile = async (path: string): Promise<void> => {
  const folder = dirname(path);
  try {
    await makeFolder(folder);
    await refuseNetwork(path, folder);
    await using file = (await create(path, folder)) ?? (await open(path, constants.O_RDWR));
    if (!(await file.stat()).isFile())
      throw new QuiesceError("usage", `${path} is not a file.`, { hint: "Name a file for the store." });
  } catch (error) {
    throw unusable(path, error);
  }
};

const refuseNetwork = async (path: string, folder: string): Promise<void> => {
  const name = networkFileSystem((await statfs(folder)).type);
  if (name !== undefined)
    throw new QuiesceError("refused", `The store ${path} would lie on a network file system (${name}).`, {
      hint: "Its locks are not reliable there, and two runs could damage each other: name a file on a local disk.",
    });
};

/** Undefined when there is one already. */
const create = async (path: string, folder: string): Promise<FileHandle | undefined> => {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    // The new name must survive a power loss as well as the content that SQLite syncs.
    await using parent = await open(folder, constants.O_RDONLY);
    await parent.sync();
    return file;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  }
};

/** Takes from others the right to read what a store holds; only after the file is known to be a store. */
export const closeToOthers = async (path: string): Promise<void> => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw unusable(path, error);
    }
  }
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "it belongs to another user",
  EROFS: "the disk is mounted read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "its folder, or what it links to, is not there and cannot be made",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  EEXIST: "a part of its path is not a folder",
};

const unusable = (path: string, error: unknown): unknown => {
  const reason = reasons[codeOf(error) ?? ""];
  return reason === undefined
    ? error
    : new QuiesceError("refused", `The store ${path} cannot be written: ${reason}.`, {
        hint: "Make the file and its folder writable for this user, or name another file for the store.",
        cause: error,
      });
};
