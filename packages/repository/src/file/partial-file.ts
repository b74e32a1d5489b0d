import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unlessAbsent } from "./error-code.ts";
import { syncFolder } from "./sync-folder.ts";

/** A file under a name of its own until it is whole. Disposing what was not kept removes it. */
export interface PartialFile extends AsyncDisposable {
  readonly handle: FileHandle;
  /** Syncs the content, gives the file its name and syncs the name. */
  keep(): Promise<void>;
}

export const openPartial = async (path: string): Promise<PartialFile> => {
  const partial = `${path}.${randomBytes(4).toString("hex")}.partial`;
  const handle = await open(partial, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  let kept = false;
  return {
    handle,
    keep: async () => {
      await handle.sync();
      await rename(partial, path);
      kept = true;
      await syncFolder(dirname(path));
    },
    [Symbol.asyncDispose]: async () => {
      // What was kept is synced; what was not is swept by the next writer. Neither may hide why the work failed.
      await handle.close().catch(() => undefined);
      if (!kept) await rm(partial, { force: true }).catch(() => undefined);
    },
  };
};

/** Writes a small file whole: a reader sees the old content or the new one. */
export const writeWhole = async (path: string, content: string | Uint8Array): Promise<void> => {
  await using file = await openPartial(path);
  await file.handle.writeFile(content);
  await file.keep();
};

/** Removes what writers of these files left when they died. */
export const removePartials = async (folder: string, names: readonly string[]): Promise<void> => {
  const entries = (await readdir(folder).catch(unlessAbsent)) ?? [];
  const stale = entries.filter((entry) => names.includes(nameOfPartial(entry) ?? ""));
  await Promise.all(stale.map((entry) => rm(join(folder, entry), { force: true })));
};

/** The name that a partial file would get; undefined for any other file. */
export const nameOfPartial = (entry: string): string | undefined => /^(.+)\.[0-9a-f]{8}\.partial$/.exec(entry)?.[1];
