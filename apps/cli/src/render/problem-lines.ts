import type { Problem } from "@quiesce/core";

/** One line per problem: where, what, what to do. */
export const problemLines = (problems: readonly Problem[]): readonly string[] =>
  problems.map((problem) => `  ${placeOf(problem)}${sentence(problem.message)}${hintOf(problem)}`);

const placeOf = ({ at }: Problem): string => (at === undefined ? "" : `${at.file}:${at.line}:${at.column}: `);
const hintOf = ({ hint }: Problem): string => (hint === undefined ? "" : ` ${hint}`);
/** A hint follows, so the message must end. */
const sentence = (text: string): string => (/[.!?:]$/.test(text) ? text : `${text}.`);
