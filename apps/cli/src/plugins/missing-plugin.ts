import { QuiesceError } from "@quiesce/core";
import type { PluginSearch } from "./find-plugins.ts";

/** Says which package to install, what is there, and what was found but not used. */
export const missingPlugin = (name: string, { found, refused }: PluginSearch): QuiesceError => {
  const installed = found.length === 0 ? "none" : found.map((plugin) => plugin.name).join(", ");
  const skipped = refused
    .filter(({ path }) => path.endsWith(`plugin-${name}`) || path.endsWith("node_modules"))
    .map(({ path, why }) => ` ${path} was not used: ${why}.`)
    .join("");
  return new QuiesceError("usage", `There is no plugin "${name}". Installed: ${installed}.${skipped}`, {
    hint: `Install it next to quiesce or in the working folder: npm install @quiesce/plugin-${name}`,
  });
};
