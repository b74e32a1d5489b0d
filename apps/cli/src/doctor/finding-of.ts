import { isProviderFailure, isQuiesceError, type Finding } from "@quiesce/core";
import { problemLines } from "../render/problem-lines.ts";

/** An expected failure as a finding; a bug goes on. */
export const findingOf = (about: string, thrown: unknown): Finding => {
  if (isProviderFailure(thrown)) return { level: "error", about, message: thrown.message };
  if (!isQuiesceError(thrown)) throw thrown;
  const message = [thrown.message, ...problemLines(thrown.problems).map((line) => line.trim())].join(" ");
  return { level: "error", about, message, ...(thrown.hint === undefined ? {} : { fix: thrown.hint }) };
};
