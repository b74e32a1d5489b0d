import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { distrust } from "./distrust.ts";

/** A plugin's package, found but not loaded. */
export interface FoundPlugin {
  /** What a deployment file calls it: `libvirt`. */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** The `node_modules` folder that holds it. */
  readonly modules: string;
  readonly folder: string;
}

/** A folder that was not searched, or a package that was not taken. */
export interface Refused {
  readonly path: string;
  readonly why: string;
}

export interface PluginSearch {
  readonly found: readonly FoundPlugin[];
  readonly refused: readonly Refused[];
}

/**
 * Looks for `@quiesce/plugin-*` and `quiesce-plugin-*` in `node_modules` upward from each start, nearest first; of two
 * with the same name the first one counts. Folders that others can write to are refused (see `distrust`).
 */
export const findPlugins = async (installation: string, cwd: string): Promise<PluginSearch> => {
  const { uid: owner } = await stat(installation);
  const found = new Map<string, FoundPlugin>();
  const refused: Refused[] = [];
  for (const modules of new Set([...modulesUpward(await realpath(installation)), ...modulesUpward(cwd)])) {
    const candidates = await candidatesIn(modules);
    if (candidates.length === 0) continue;
    const why = await distrust(modules, owner);
    if (why !== undefined) {
      refused.push({ path: modules, why });
      continue;
    }
    for (const candidate of candidates) await take(candidate, modules, owner, found, refused);
  }
  return { found: [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), refused };
};

const modulesUpward = (start: string): readonly string[] => {
  const folders = [join(start, "node_modules")];
  for (let at = start; dirname(at) !== at; at = dirname(at)) folders.push(join(dirname(at), "node_modules"));
  return folders;
};

const prefixes = ["@quiesce/plugin-", "quiesce-plugin-"];

const candidatesIn = async (modules: string): Promise<readonly string[]> => {
  const plain = await namesIn(modules);
  const scoped = plain.includes("@quiesce") ? await namesIn(join(modules, "@quiesce")) : [];
  const names = [...scoped.map((name) => `@quiesce/${name}`), ...plain];
  return names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix) && name.length > prefix.length));
};

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
};

const take = async (
  candidate: string,
  modules: string,
  owner: number,
  found: Map<string, FoundPlugin>,
  refused: Refused[],
): Promise<void> => {
  const name = prefixes.reduce(
    (rest, prefix) => (rest.startsWith(prefix) ? rest.slice(prefix.length) : rest),
    candidate,
  );
  if (found.has(name)) return;
  const path = join(modules, candidate);
  try {
    const folder = await realpath(path);
    const why = (await distrust(dirname(path), owner)) ?? (await distrust(folder, owner));
    if (why === undefined)
      found.set(name, { name, package: candidate, version: await versionOf(folder), modules, folder });
    else refused.push({ path, why });
  } catch (thrown) {
    refused.push({ path, why: `it cannot be read (${(thrown as Error).message})` });
  }
};

const versionOf = async (folder: string): Promise<string> => {
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    readonly version?: unknown;
  };
  return typeof version === "string" ? version : "unknown";
};
