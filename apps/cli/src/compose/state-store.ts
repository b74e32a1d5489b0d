import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "@quiesce/core";
import type { Registry } from "@quiesce/runtime-sqlite";

/** The journal, the catalogue, the locks and the registered deployments, in one file of the state folder. */
export type StateStore = Store & Registry;

export const storeFile = (stateDir: string): string => join(stateDir, "quiesce.db");

export const openStateStore = async (stateDir: string): Promise<StateStore> => {
  const { openStore } = await import("@quiesce/runtime-sqlite");
  return await openStore(storeFile(stateDir));
};

/** For commands that only look: undefined where nothing was ever stored, so that looking leaves no trace. */
export const openStateStoreIfAny = async (stateDir: string): Promise<StateStore | undefined> => {
  const there = await access(storeFile(stateDir)).then(
    () => true,
    (thrown: NodeJS.ErrnoException) => thrown.code !== "ENOENT" && thrown.code !== "ENOTDIR",
  );
  return there ? await openStateStore(stateDir) : undefined;
};
