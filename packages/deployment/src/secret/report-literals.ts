import type { JsonObject } from "@quiesce/core";
import type { Source } from "../source/read-source.ts";
import { pathText } from "../source/spot.ts";
import { findLiterals } from "./find-literals.ts";

const isMap = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reports every secret that is written out in the file, by place and kind, never by value. */
export const reportLiterals = (source: Source): void => {
  const file = isMap(source.value) ? source.value : {};
  for (const section of ["providers", "instances", "selectors", "hooks"]) {
    const entries = file[section];
    if (!isMap(entries)) continue;
    for (const [name, entry] of Object.entries(entries)) {
      for (const { path, what } of findLiterals(entry, [section, name])) {
        source.problems.at(source.root, path, {
          message: `Literal secret in ${pathText(path)}: ${what}`,
          hint: "Write a reference instead: {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}.",
        });
      }
    }
  }
};
