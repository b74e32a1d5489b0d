import type { Source } from "../source/read-source.ts";
import { spotAt, type Path } from "../source/spot.ts";

/** The place of an item of a key that holds one text or a list of them. */
export const itemPath = (source: Source, path: Path, index: number): Path =>
  spotAt(source.root, path).spot.children.has(index) ? [...path, index] : path;
