import { isMap, isScalar, LineCounter, parseDocument, type Scalar, type YAMLMap } from "yaml";
import type { Problem } from "@quiesce/core";
import type { Written } from "./config-file.ts";

type Place = NonNullable<Problem["at"]>;

/** A map of a YAML file: its plain values and its maps, each with its place. */
export interface YamlMap {
  readonly values: Readonly<Record<string, Written>>;
  readonly maps: Readonly<Record<string, YamlMap & { readonly at: Place }>>;
}

/** Reads nested maps of plain values; whatever else stands in the file is a problem with its place. */
export const readYamlMap = (file: string, text: string): YamlMap & { readonly problems: readonly Problem[] } => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problems: Problem[] = [];
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const wrong = (message: string, at: Place): void => {
    problems.push({ code: "config-invalid", message, hint: "Write `key: value` lines.", at });
  };
  for (const error of document.errors) wrong(firstLine(error.message), placeOf(error.pos[0]));
  const start = { file, line: 1, column: 1 };
  if (problems.length > 0) return { values: {}, maps: {}, problems };
  if (isMap(document.contents)) return { ...mapOf(document.contents, placeOf, wrong), problems };
  if (document.contents !== null) wrong("The file holds no settings.", start);
  return { values: {}, maps: {}, problems };
};

const mapOf = (
  map: YAMLMap,
  placeOf: (offset: number) => Place,
  wrong: (message: string, at: Place) => void,
): YamlMap => {
  const values: Record<string, Written> = {};
  const maps: Record<string, YamlMap & { readonly at: Place }> = {};
  for (const { key, value } of map.items) {
    const at = placeOf(isScalar(key) ? (key.range?.[0] ?? 0) : 0);
    const name = isScalar(key) ? String(key.value) : "?";
    if (isMap(value)) maps[name] = { ...mapOf(value, placeOf, wrong), at };
    else if (isPlain(value)) values[name] = { text: String(value.value), at };
    else wrong(`"${name}" needs a plain value.`, at);
  }
  return { values, maps };
};

const isPlain = (node: unknown): node is Scalar<string | number | boolean> =>
  isScalar(node) && ["string", "number", "boolean"].includes(typeof node.value);

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? text;
