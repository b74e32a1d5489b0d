import { failure } from "@quiesce/core";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { readHeader } from "../format/read-header.ts";

/** A disk that others build on must stay what it is. `done`: what would happen to it. */
export const refuseDependants = async (root: string, id: string, done: string): Promise<void> => {
  const [first] = await dependantsOf(root, id);
  if (first !== undefined)
    throw failure("conflict", `The disk ${id} was not ${done}: ${first} builds on it. Remove that one first.`);
};

/** The stored disks that name this one as what they build on: a parent is always of the same deployment. */
const dependantsOf = async (root: string, id: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const index of indexesOf(root, deploymentFolderOf(id))) {
    const header = await readHeader(join(root, index));
    if (header?.parent?.id === id) found.push(header.id);
  }
  return found;
};

export const deploymentFolderOf = (id: string): string => id.slice(0, id.indexOf("/"));

async function* indexesOf(root: string, deployment: string): AsyncGenerator<string> {
  for (const set of await foldersIn(join(root, deployment)))
    for (const instance of await foldersIn(join(root, deployment, set))) {
      const folder = `${deployment}/${set}/${instance}`;
      const entries = (await readdir(join(root, folder)).catch(unlessAbsent)) ?? [];
      for (const entry of entries) if (entry.endsWith(".index")) yield `${folder}/${entry}`;
    }
}

export const foldersIn = async (folder: string): Promise<readonly string[]> => {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(unlessAbsent)) ?? [];
  return entries
    .flatMap((entry) => (entry.isDirectory() && !entry.name.endsWith(".partial") ? [entry.name] : []))
    .sort();
};
