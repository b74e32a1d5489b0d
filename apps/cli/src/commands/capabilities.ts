import type { Matrix } from "@quiesce/core";
import type { Define } from "../program/command-entry.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { findPlugins } from "../plugins/find-plugins.ts";
import { installation } from "../plugins/installation.ts";
import { loadCapabilities } from "../plugins/load-capabilities.ts";
import { capabilityTables } from "../render/capability-tables.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[plugins...]", "only these plugins")
    .action((plugins: readonly string[]) => capabilities(plugins, invocation));
};

/** Prints the matrix of every plugin that is found. Loads no plugin and no configuration, and contacts nobody. */
const capabilities = async (wanted: readonly string[], invocation: Invocation): Promise<void> => {
  const { output } = invocation;
  const { found, refused } = await findPlugins(installation, invocation.cwd);
  const unknown = wanted.filter((name) => !found.some((plugin) => plugin.name === name));
  const plugins: Record<string, Matrix> = {};
  for (const plugin of found) {
    if (wanted.length > 0 && !wanted.includes(plugin.name)) continue;
    const matrix = await loadCapabilities(plugin);
    if (matrix !== undefined) plugins[plugin.name] = matrix;
  }
  if (unknown.length > 0) {
    const { missingPlugin } = await import("../plugins/missing-plugin.ts");
    throw missingPlugin(unknown[0] ?? "", { found, refused });
  }
  output.document({ schema: "quiesce.capabilities/1", plugins });
  output.result(found.length === 0 ? none : capabilityTables(plugins));
};

const none = "No plugin is installed. Install one, for example: npm install @quiesce/plugin-libvirt";
