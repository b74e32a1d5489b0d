import type { Matrix } from "@quiesce/core";
import type { FoundPlugin } from "./find-plugins.ts";
import { importPlugin } from "./import-plugin.ts";

/** Reads a plugin's table from its `./capabilities` entry, which loads no SDK; undefined for a runner, which has none. */
export const loadCapabilities = async (found: FoundPlugin): Promise<Matrix | undefined> => {
  const exported = await importPlugin(found, "./capabilities");
  return Object.values(exported).find(isMatrix);
};

const isMatrix = (value: unknown): value is Matrix =>
  typeof value === "object" && value !== null && "vm" in value && "volume" in value && "network" in value;
