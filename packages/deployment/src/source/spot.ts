import { quoted } from "../problem/quoted.ts";

/** A step into a document: a key of a map or an index of a list. */
export type Path = readonly (string | number)[];

/** Where a value stands in the text, with the same tree as the value itself. */
export interface Spot {
  /** Offset of the key, where the value has one. */
  readonly keyOffset?: number;
  readonly offset: number;
  readonly children: ReadonlyMap<string | number, Spot>;
}

/** The spot at a path, or of its nearest ancestor that exists: a missing key is reported at the map that lacks it. */
export const spotAt = (root: Spot, path: Path): { readonly spot: Spot; readonly exact: boolean } => {
  let spot = root;
  for (const step of path) {
    const child = spot.children.get(step);
    if (child === undefined) return { spot, exact: false };
    spot = child;
  }
  return { spot, exact: true };
};

const plainKey = /^[\w$-][\w$.-]{0,63}$/;

/** `instances.db.depends_on[0]`, as people write it; a key that is not plain is quoted. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const key = plainKey.test(step) ? step : quoted(step);
    return text === "" ? key : `${text}.${key}`;
  }, "");
