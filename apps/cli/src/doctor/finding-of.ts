import { isProviderFailure, isQuiesceError, type Finding } from "@quiesce/core";
import { problemLines } from "../render/problem-lines.ts";

/** An expected failure as a finding; a bug goes on. */
export const findingOf = (about: string, thrown: unknown): Finding => {
  if (isProviderFailure(thrown)) {
    // It names the provider again, which stands in `about` here.
    const [, message = thrown.message] = /^Provider [^:]+: (.*)$/s.exec(thrown.message) ?? [];
    return { level: "error", about, message };
  }
  if (!isQuiesceError(thrown)) throw thrown;
  const message = [thrown.message, ...problemLines(thrown.problems).map((line) => line.trim())].join(" ");
  return { level: "error", about, message, ...(thrown.hint === undefined ? {} : { fix: thrown.hint }) };
};
