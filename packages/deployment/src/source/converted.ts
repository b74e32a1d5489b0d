import type { Json } from "@quiesce/core";
import type { ProblemList } from "../problem/problem-list.ts";
import type { Spot } from "./spot.ts";

/** Values after all aliases are written out. An alias bomb has billions of them. */
export const maxValues = 100_000;
/** Levels of nesting, also after all aliases are written out. */
export const maxDepth = 64;

/** A part of the document as JSON, with the place of each of its parts. */
export interface Converted extends Spot {
  readonly json: Json;
  readonly children: ReadonlyMap<string | number, Converted>;
  /** Values in it, each alias counted as often as it is used. */
  readonly size: number;
  readonly depth: number;
}

export const leaf = (offset: number, json: Json = null): Converted => ({
  json,
  offset,
  children: new Map(),
  size: 1,
  depth: 0,
});

/**
 * A map or list of converted parts, or nothing if it is too large. Parts that are shared through aliases stay
 * shared, so that even an alias bomb is converted in linear time.
 */
export const combine = (
  offset: number,
  json: Json,
  children: ReadonlyMap<string | number, Converted>,
  problems: ProblemList,
): Converted => {
  let size = 1;
  let depth = 1;
  for (const child of children.values()) {
    size += child.size;
    depth = Math.max(depth, child.depth + 1);
  }
  if (size <= maxValues && depth <= maxDepth) return { json, offset, children, size, depth };
  const what = depth > maxDepth ? `is nested more than ${maxDepth} levels deep` : `holds more than ${maxValues} values`;
  problems.atOffset(offset, {
    message: `This part of the file ${what}, its aliases written out`,
    hint: "Use fewer levels and fewer aliases, or split the deployment.",
  });
  return leaf(offset);
};
