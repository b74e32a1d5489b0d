import type { z } from "zod";
import { quoted } from "../problem/quoted.ts";
import type { Source } from "../source/read-source.ts";
import { headSchema, sections, type Section } from "./file.ts";
import { issueMessage } from "./issue-message.ts";
import { reportIssues } from "./report-issues.ts";
import { namePattern, nameRule } from "./text.ts";

type EntryOf<S extends Section> = z.output<(typeof sections)[S]>;

/** An entry of which some keys may be wrong: checks go on with the others, so that every problem comes at once. */
export interface Part<T> {
  /** Keys that the entry has, the wrong ones too. */
  readonly given: ReadonlySet<string>;
  /** What is well-formed. */
  readonly values: Partial<T>;
}

/** A file taken apart: names of all entries, what can be checked of them, and those that are whole. */
export interface Written {
  readonly name: string;
  readonly names: { readonly [S in Section]: readonly string[] };
  readonly parts: { readonly [S in Section]: ReadonlyMap<string, Part<EntryOf<S>>> };
  readonly whole: { readonly [S in Section]: ReadonlyMap<string, EntryOf<S>> };
}

const parseOptions = { error: issueMessage, reportInput: true };

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const checkName = (name: string, section: Section, source: Source): void => {
  if (namePattern.test(name)) return;
  source.problems.at(source.root, [section, name], {
    message: `The name ${quoted(name)} in ${section} ${nameRule}`,
    hint: "Choose another name; the provider's own name belongs into id.",
    atKey: true,
  });
};

/** The well-formed keys of an entry whose `issues` name the others. */
const goodKeys = <S extends Section>(
  section: S,
  entry: Readonly<Record<string, unknown>>,
  issues: readonly z.core.$ZodIssue[],
): Partial<EntryOf<S>> => {
  const bad = new Set(issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : issue.path[0])));
  const rest = Object.fromEntries(Object.entries(entry).filter(([key]) => !bad.has(key)));
  const parsed = sections[section].partial().safeParse(rest);
  return (parsed.success ? parsed.data : {}) as Partial<EntryOf<S>>;
};

const readSection = <S extends Section>(source: Source, section: S) => {
  const parts = new Map<string, Part<EntryOf<S>>>();
  const whole = new Map<string, EntryOf<S>>();
  const written = isMap(source.value) ? source.value[section] : undefined;
  for (const [name, entry] of Object.entries(isMap(written) ? written : {})) {
    if (source.problems.isFull) break;
    checkName(name, section, source);
    const parsed = sections[section].safeParse(entry, parseOptions);
    const given = new Set(isMap(entry) ? Object.keys(entry) : []);
    if (parsed.success) {
      const values = parsed.data as EntryOf<S>;
      parts.set(name, { given, values });
      whole.set(name, values);
      continue;
    }
    reportIssues(parsed.error.issues, [section, name], source);
    if (isMap(entry)) parts.set(name, { given, values: goodKeys(section, entry, parsed.error.issues) });
  }
  return { names: Object.keys(isMap(written) ? written : {}), parts, whole };
};

/** Checks the shape of every part of the file; what is wrong goes to `source.problems`, all at once. */
export const readWritten = (source: Source): Written => {
  const head = headSchema.safeParse(source.value, parseOptions);
  if (!head.success) reportIssues(head.error.issues, [], source);
  const providers = readSection(source, "providers");
  const instances = readSection(source, "instances");
  const selectors = readSection(source, "selectors");
  const hooks = readSection(source, "hooks");
  const pick = <K extends "names" | "parts" | "whole">(key: K) => ({
    providers: providers[key],
    instances: instances[key],
    selectors: selectors[key],
    hooks: hooks[key],
  });
  return {
    name: head.success ? head.data.name : "",
    names: pick("names"),
    parts: pick("parts"),
    whole: pick("whole"),
  };
};
