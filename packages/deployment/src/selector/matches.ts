import type { Selector } from "../link/link-selectors.ts";
import type { Discovered } from "./discovered.ts";
import { matchesGlob } from "./glob.ts";

/** Whether an object is one that the selector looks for: its kind, one of the names, and all of the tags. */
export const matches = ({ kind, names, tags }: Selector, object: Discovered): boolean =>
  object.kind === kind &&
  (names.length === 0 || names.some((name) => matchesGlob(name, object.name))) &&
  tags.every((tag) => object.tags?.includes(tag) === true);
