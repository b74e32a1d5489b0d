import { failure, type OwnershipTag } from "@quiesce/core";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { clearFolder } from "./clear-folder.ts";
import { readManifest } from "./manifest.ts";
import { leaveSet, readOwner } from "./owner.ts";

/** Removes what is left of a set that was never whole. Looks again first: its run may have come to its end meanwhile. */
export const dropUnfinished = async (root: string, at: string, owner: OwnershipTag): Promise<void> => {
  const entries = await readdir(join(root, at), { withFileTypes: true }).catch(unlessAbsent);
  if (entries === undefined) return;
  const now = await readOwner(join(root, at));
  if (now?.store !== owner.store || now.run !== owner.run)
    throw failure("conflict", `${at} does not belong to run ${owner.run} any more; nothing was removed.`);
  if ((await readManifest(root, at)) !== undefined)
    throw failure("conflict", `${at} has a manifest by now; nothing was removed.`);
  for (const entry of entries) if (entry.isDirectory()) await clearFolder(root, at, `${at}/${entry.name}`);
  await leaveSet(join(root, at));
};
