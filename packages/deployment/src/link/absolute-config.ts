import type { Json, JsonObject } from "@quiesce/core";
import { asReference } from "../secret/reference.ts";
import { pathText, type Path } from "../source/spot.ts";
import { absolutePath, absoluteReference } from "./absolute-path.ts";
import type { SecretUse } from "./secret-use.ts";

interface Work {
  readonly baseDir: string;
  readonly secrets: SecretUse[];
}

const isFileKey = (key: string | number | undefined): boolean => typeof key === "string" && key.endsWith("_file");

const walk = (value: Json, path: Path, work: Work): Json => {
  if (typeof value === "string")
    return isFileKey(path.at(-1)) && value !== "" ? absolutePath(work.baseDir, value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json, index) => walk(item, [...path, index], work));
  const written = asReference(value);
  if (written === undefined) return walkMap(value as JsonObject, path, work);
  const reference = absoluteReference(work.baseDir, written);
  work.secrets.push({ path: pathText(path), reference });
  return reference;
};

const walkMap = (map: JsonObject, path: Path, work: Work): JsonObject =>
  Object.fromEntries(Object.entries(map).map(([key, item]) => [key, walk(item, [...path, key], work)]));

/** A plugin's config with its paths (keys that end in `_file`, references) made absolute, and its references. */
export const absoluteConfig = (
  baseDir: string,
  config: JsonObject,
  path: Path,
): { readonly config: JsonObject; readonly secrets: readonly SecretUse[] } => {
  const work: Work = { baseDir, secrets: [] };
  return { config: walkMap(config, path, work), secrets: work.secrets };
};
