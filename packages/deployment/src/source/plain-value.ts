import { isAlias, isMap, isNode, isScalar, isSeq, type Alias, type LineCounter, type Pair, type Scalar } from "yaml";
import type { ProblemList } from "../problem/problem-list.ts";
import { combine, leaf, maxDepth, type Converted } from "./converted.ts";
import { mergeKeys } from "./merge-keys.ts";

/** What belongs to one document while it is converted. */
interface Work {
  readonly lines: LineCounter;
  readonly problems: ProblemList;
  /** `open`: the anchor's value is still being converted, so an alias to it would contain itself. */
  readonly anchors: Map<string, Converted | "open">;
}

/** Where the converter stands: how deep, and the offset that stands in for a value that has none. */
interface Place {
  readonly offset: number;
  readonly level: number;
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

const convertScalar = ({ value }: Scalar, { offset }: Place, { problems }: Work): Converted => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return leaf(offset, value);
  if (typeof value === "number" && isExact(value)) return leaf(offset, value);
  problems.atOffset(offset, {
    message: "This number cannot be kept exactly",
    hint: "Put it in quotes if it is a name, or use a smaller one.",
  });
  return leaf(offset);
};

const convertAlias = ({ source }: Alias, { offset }: Place, { anchors, problems }: Work): Converted => {
  const target = anchors.get(source);
  if (target !== undefined && target !== "open") return { ...target, offset };
  const message =
    target === "open" ? "This alias lies inside the value that it stands for" : "This alias has no anchor above it";
  problems.atOffset(offset, { message, hint: "An alias *name repeats a value that is marked with &name above it." });
  return leaf(offset);
};

const keyText = (key: unknown): string | undefined => {
  if (!isScalar(key)) return undefined;
  const { value } = key;
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain && value !== "__proto__" ? String(value) : undefined;
};

const addPair = (entries: Map<string, Converted>, { key, value }: Pair, place: Place, work: Work): void => {
  const keyOffset = isNode(key) ? (key.range?.[0] ?? place.offset) : place.offset;
  const text = keyText(key);
  const converted = convert(value, { offset: keyOffset, level: place.level }, work);
  if (text === undefined) {
    work.problems.atOffset(keyOffset, { message: "A key must be a plain text", hint: "Write the key as one word." });
    return;
  }
  const first = entries.get(text);
  if (first === undefined) {
    entries.set(text, { ...converted, keyOffset });
    return;
  }
  work.problems.atOffset(keyOffset, {
    message: `This key is set twice, first on line ${work.lines.linePos(first.keyOffset ?? 0).line}`,
    hint: "Remove one of the two.",
  });
};

const isMergeKey = ({ key }: Pair): boolean => isScalar(key) && key.value === "<<" && key.type === "PLAIN";

const convertMap = (pairs: readonly Pair[], place: Place, work: Work): Converted => {
  const entries = new Map<string, Converted>();
  const merged: Converted[] = [];
  for (const pair of pairs)
    if (isMergeKey(pair)) merged.push(convert(pair.value, place, work));
    else addPair(entries, pair, place, work);
  // The map's own keys win over merged ones, wherever the merge key stands.
  for (const source of merged) mergeKeys(entries, source, work.problems);
  const json = Object.fromEntries([...entries].map(([key, entry]) => [key, entry.json]));
  return combine(place.offset, json, entries, work.problems);
};

const convertNode = (node: unknown, place: Place, work: Work): Converted => {
  if (isAlias(node)) return convertAlias(node, place, work);
  if (isScalar(node)) return convertScalar(node, place, work);
  if (place.level > maxDepth) {
    const message = `Lists and maps are nested more than ${maxDepth} levels deep`;
    work.problems.atOffset(place.offset, { message, hint: "A deployment file needs few levels; check the brackets." });
    return leaf(place.offset);
  }
  if (isMap(node)) return convertMap(node.items, place, work);
  if (!isSeq(node)) return leaf(place.offset);
  const items = node.items.map((item) => convert(item, place, work));
  const json = items.map((item) => item.json);
  return combine(place.offset, json, new Map(items.entries()), work.problems);
};

const convert = (node: unknown, { offset, level }: Place, work: Work): Converted => {
  if (!isNode(node)) return leaf(offset);
  const place = { offset: node.range?.[0] ?? offset, level: level + 1 };
  const anchor = isAlias(node) ? undefined : node.anchor;
  if (anchor !== undefined) work.anchors.set(anchor, "open");
  const converted = convertNode(node, place, work);
  if (anchor !== undefined) work.anchors.set(anchor, converted);
  return converted;
};

/** The document as JSON and the place of each of its parts; aliases and merge keys (`<<`) are resolved. */
export const plainValue = (contents: unknown, lines: LineCounter, problems: ProblemList): Converted =>
  convert(contents, { offset: 0, level: 0 }, { lines, problems, anchors: new Map() });
