import type { Json } from "@quiesce/core";
import type { Path } from "../source/spot.ts";
import { looksSecret } from "./looks-secret.ts";
import { looksLikeReference } from "./reference.ts";
import { namesSecret } from "./secret-name.ts";

/** A secret that stands in the file itself. It says where and what kind, never the value. */
export interface LiteralSecret {
  readonly path: Path;
  readonly what: string;
}

const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const byName = (key: string, value: Json, path: Path): readonly LiteralSecret[] => {
  if (value === null || value === "" || typeof value === "boolean") return [];
  // `credentials: {username: …, password: …}` only groups; `password: {value: …}` hides a literal one level down.
  if (isMap(value) && /credentials?$/i.test(key)) return findLiterals(value, path);
  return [{ path, what: "its name says that it is secret, and it is no reference" }];
};

/** Secrets written out anywhere in a part of a deployment file. References are not secrets. */
export const findLiterals = (value: Json, path: Path): readonly LiteralSecret[] => {
  if (typeof value === "string") {
    const kind = looksSecret(value);
    return kind === undefined ? [] : [{ path, what: `it is ${kind}` }];
  }
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => findLiterals(item, [...path, index]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, key];
    return namesSecret(key) && !looksLikeReference(item) ? byName(key, item, at) : findLiterals(item, at);
  });
};
