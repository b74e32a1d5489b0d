import type { Json } from "@quiesce/core";
import type { Written } from "../schema/read-written.ts";
import { asReference, looksLikeReference } from "../secret/reference.ts";
import type { Source } from "../source/read-source.ts";
import { pathText, type Path } from "../source/spot.ts";

const check = (value: Json, path: Path, source: Source): void => {
  if (typeof value !== "object" || value === null) return;
  if (looksLikeReference(value)) {
    if (asReference(value) !== undefined) return;
    source.problems.at(source.root, path, {
      message: `${pathText(path)} is not a correct reference`,
      hint: "Write exactly one of {env: NAME}, {file: PATH} and {command: [PROGRAM, ARGUMENT]}.",
    });
    return;
  }
  for (const [key, item] of Object.entries(value))
    check(item, [...path, Array.isArray(value) ? Number(key) : key], source);
};

/** Reports references in the plugins' own config that are malformed; those in hooks have a schema. */
export const checkReferences = (written: Written, source: Source): void => {
  for (const [name, { values }] of written.parts.providers) {
    const { plugin: _plugin, site: _site, limits: _limits, timeouts: _timeouts, ...config } = values;
    for (const [key, value] of Object.entries(config)) check(value as Json, ["providers", name, key], source);
  }
};
