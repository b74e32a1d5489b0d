import type { FoundSet } from "@quiesce/core";
import { join } from "node:path";
import { diskFailure } from "../file/disk-failure.ts";
import { isDamaged } from "../format/damaged.ts";
import { foldersIn } from "./dependants.ts";
import { readManifest } from "./manifest.ts";
import { readOwner } from "./owner.ts";

/** Every folder that holds a set, or could: whole, damaged or without a manifest. */
export async function* findSets(root: string, signal: AbortSignal): AsyncGenerator<FoundSet> {
  for (const deployment of await foldersIn(root))
    for (const set of await foldersIn(join(root, deployment))) {
      signal.throwIfAborted();
      const found = await lookAt(root, `${deployment}/${set}`);
      if (found !== undefined) yield found;
    }
}

const lookAt = async (root: string, at: string): Promise<FoundSet | undefined> => {
  try {
    const kept = await readManifest(root, at);
    if (kept !== undefined) return { is: "whole", ...kept };
    const owner = await readOwner(join(root, at));
    if (owner === undefined) return { is: "unfinished", at };
    const { store, deployment, run } = owner;
    return { is: "unfinished", at, owner: { store, deployment, run } };
  } catch (error) {
    if (isDamaged(error)) return { is: "damaged", at, reason: error.message };
    throw diskFailure(root, at, error);
  }
};
