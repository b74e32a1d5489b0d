import type { ProblemList } from "../problem/problem-list.ts";
import type { Converted } from "./converted.ts";

const isMapOf = ({ json }: Converted): boolean => typeof json === "object" && json !== null && !Array.isArray(json);

/** Adds what `<<` names, a map or a list of maps, to the entries; of two with the same key the first one stays. */
export const mergeKeys = (entries: Map<string, Converted>, merged: Converted, problems: ProblemList): void => {
  const sources = Array.isArray(merged.json) ? [...merged.children.values()] : [merged];
  for (const source of sources) {
    if (!isMapOf(source)) {
      problems.atOffset(merged.offset, {
        message: "What << merges is not a map",
        hint: "Write <<: *name, where &name marks a map above it.",
      });
      continue;
    }
    for (const [key, child] of source.children)
      if (typeof key === "string" && !entries.has(key)) entries.set(key, child);
  }
};
