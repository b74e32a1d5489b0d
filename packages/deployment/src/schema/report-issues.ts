import type { z } from "zod";
import { suggestion } from "../problem/closest.ts";
import { quoted } from "../problem/quoted.ts";
import { pathText, type Path } from "../source/spot.ts";
import type { Source } from "../source/read-source.ts";

type Issue = z.core.$ZodIssue;

const isInside = ([first]: readonly Issue[]): boolean => first !== undefined && first.path.length > 0;
const isRightType = ([first]: readonly Issue[]): boolean => first?.code !== "invalid_type";

/** Of a value that may have several forms, the issues of the one form that was evidently meant. */
const meantForm = (issue: Issue): readonly Issue[] | undefined => {
  if (issue.code !== "invalid_union") return undefined;
  const inside = issue.errors.filter(isInside);
  const near = inside.length > 0 ? inside : issue.errors.filter(isRightType);
  return near.length === 1 ? near[0] : undefined;
};

const pathOf = (prefix: Path, issue: Issue): Path => [
  ...prefix,
  ...issue.path.map((step) => (typeof step === "number" ? step : String(step))),
];

const reportUnknownKeys = (keys: readonly string[], known: readonly string[], path: Path, source: Source): void => {
  const where = path.length === 0 ? "the file" : pathText(path);
  for (const key of keys)
    source.problems.at(source.root, [...path, key], {
      message: `Unknown key ${quoted(key)} in ${where}`,
      hint: () => suggestion(key, known, "keys"),
      atKey: true,
    });
};

/** Turns what zod found at `prefix` into problems with their places. */
export const reportIssues = (issues: readonly Issue[], prefix: Path, source: Source): void => {
  for (const issue of issues) {
    const path = pathOf(prefix, issue);
    const meant = meantForm(issue);
    if (meant !== undefined) reportIssues(meant, path, source);
    else if (issue.code === "unrecognized_keys") reportUnknownKeys(issue.keys, issue.message.split(","), path, source);
    else {
      const where = path.length === 0 ? "The file" : pathText(path);
      const what = issue.input === undefined ? "is missing" : issue.message;
      source.problems.at(source.root, path, { message: `${where} ${what}` });
    }
  }
};
