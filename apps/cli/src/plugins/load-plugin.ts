import { QuiesceError, type Plugin, type Runner } from "@quiesce/core";
import { findPlugins, type FoundPlugin, type PluginSearch } from "./find-plugins.ts";
import { importPlugin } from "./import-plugin.ts";
import { installation } from "./installation.ts";
import { missingPlugin } from "./missing-plugin.ts";

/** Loads plugins and runners by the name that a deployment file uses, each once. */
export interface PluginLoader {
  /** Throws QuiesceError `usage` that names the package to install. */
  plugin(name: string): Promise<Plugin>;
  runner(name: string): Promise<Runner>;
  search(): Promise<PluginSearch>;
}

export const createPluginLoader = (cwd: string): PluginLoader => {
  let searching: Promise<PluginSearch> | undefined;
  const search = (): Promise<PluginSearch> => (searching ??= findPlugins(installation, cwd));
  const loaded = new Map<string, Promise<Plugin | Runner>>();
  const load = async (name: string): Promise<Plugin | Runner> => {
    const known = loaded.get(name) ?? search().then((result) => loadFrom(result, name));
    loaded.set(name, known);
    return await known;
  };
  return {
    search,
    plugin: async (name) => {
      const one = await load(name);
      if (one.kind === "provider") return one;
      throw new QuiesceError("usage", `${name} runs scripts; it is no provider.`, {
        hint: "A provider's `plugin` names a cloud, such as libvirt.",
      });
    },
    runner: async (name) => {
      const one = await load(name);
      if (one.kind === "runner") return one;
      throw new QuiesceError("usage", `${name} is the plugin of a provider; it runs no scripts.`);
    },
  };
};

const loadFrom = async ({ found, refused }: PluginSearch, name: string): Promise<Plugin | Runner> => {
  const one = found.find((plugin) => plugin.name === name);
  if (one !== undefined) return await open(one);
  throw missingPlugin(name, { found, refused });
};

const open = async (found: FoundPlugin): Promise<Plugin | Runner> => {
  const exported = await importPlugin(found, ".").catch((thrown: unknown) => {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new QuiesceError("usage", `The plugin ${found.package} in ${found.folder} cannot be loaded: ${why}`, {
      hint: `Install it again: npm install ${found.package}`,
      cause: thrown,
    });
  });
  const plugin = Object.values(exported).find(isPlugin);
  if (plugin !== undefined && plugin.name === found.name) return plugin;
  throw new QuiesceError(
    "usage",
    `The package ${found.package} in ${found.folder} exports no plugin "${found.name}".`,
    {
      hint: "Its main entry must export what definePlugin of @quiesce/core gives, apiVersion 1.",
    },
  );
};

const isPlugin = (value: unknown): value is Plugin | Runner =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  (value.kind === "provider" || value.kind === "runner") &&
  "apiVersion" in value &&
  value.apiVersion === 1;
