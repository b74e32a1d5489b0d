import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FoundPlugin } from "./find-plugins.ts";

/** Imports an entry of a plugin's package (`.` or `./capabilities`) from the place where it was found. */
export const importPlugin = async (
  { package: name, modules }: FoundPlugin,
  entry: "." | "./capabilities",
): Promise<Readonly<Record<string, unknown>>> => {
  const specifier = entry === "." ? name : `${name}/${entry.slice(2)}`;
  const file = createRequire(join(modules, "from-here.js")).resolve(specifier);
  return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
};
