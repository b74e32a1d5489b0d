import type { Drift, Json } from "@quiesce/core";

/** Each place where two JSON values differ, as a JSON pointer; what one side does not have is null. */
export const driftOf = (stored: Json, current: Json, path = ""): readonly Drift[] => {
  if (!isObject(stored) || !isObject(current))
    return JSON.stringify(stored) === JSON.stringify(current) ? [] : [{ path, stored, current }];
  const names = [...new Set([...Object.keys(stored), ...Object.keys(current)])].toSorted();
  return names.flatMap((name) => driftOf(stored[name] ?? null, current[name] ?? null, `${path}/${escape(name)}`));
};

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 6901. */
const escape = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");
