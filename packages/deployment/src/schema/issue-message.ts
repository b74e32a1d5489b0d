import type { z } from "zod";
import { closest } from "../problem/closest.ts";

const expectedWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a map",
  record: "a map",
};

const typeWord = (input: unknown): string => {
  if (input === null) return "empty";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "a map";
  if (typeof input === "string") return "a text";
  return typeof input === "number" ? "a number" : "true or false";
};

/** The reference system's words for operations that have another name here. */
const oldWords: Readonly<Record<string, string>> = { fs_prepare: "freeze", fs_finalize: "thaw" };

const oneOf = (values: readonly unknown[], input: unknown): string => {
  const known = values.map(String);
  if (known.length === 1) return `must be ${known[0]}`;
  const near = typeof input === "string" ? (oldWords[input] ?? closest(input, known)) : undefined;
  const meant = near !== undefined && known.includes(near) ? ` (did you mean ${near}?)` : "";
  return `must be one of ${known.join(", ")}${meant}`;
};

/** What zod found, as the end of a sentence that begins with the place. The value itself is never in it. */
export const issueMessage: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return "is missing";
  if (issue.code === "invalid_type")
    return `must be ${expectedWords[issue.expected] ?? issue.expected}, not ${typeWord(issue.input)}`;
  if (issue.code === "invalid_value") return oneOf(issue.values, issue.input);
  if (issue.code === "too_small")
    return issue.minimum === 1 ? "must not be empty" : `must be at least ${issue.minimum}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  return "is not valid";
};
