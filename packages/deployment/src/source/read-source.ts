import { isSome, ok, type Json, type Result } from "@quiesce/core";
import { LineCounter, parseDocument, type Document, type ParsedNode } from "yaml";
import { createProblemList, type Complaint, type ProblemList } from "../problem/problem-list.ts";
import { plainValue } from "./plain-value.ts";
import type { Spot } from "./spot.ts";
import { syntaxMessage } from "./syntax-message.ts";
import { exceedsTokenBudget, maxTokens } from "./token-budget.ts";

/** A parsed file: its value as JSON, where each part of it stands, and the problems found so far. */
export interface Source {
  readonly value: Json;
  readonly root: Spot;
  readonly problems: ProblemList;
}

type Parsed = Document.Parsed<ParsedNode>;

/**
 * Parses without stack traces in the parser's errors: hostile text makes hundreds of thousands of them, and taking
 * the traces is most of the time. Nothing else can run in between, so the global setting is back in time.
 */
const parseCheaply = (text: string, lineCounter: LineCounter): Parsed => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
  } finally {
    Error.stackTraceLimit = before;
  }
};

const tooMany: Complaint = {
  message: `The file has more than ${maxTokens} words and signs`,
  hint: "Split it into several deployments, or let selectors find the instances.",
};

const oldVersion: Complaint = {
  message: "The file asks for YAML 1.1, in which words such as on, off and no change their meaning",
  hint: "Remove the %YAML line: files are read as YAML 1.2.",
};

const report = ({ errors, warnings, directives }: Parsed, problems: ProblemList): void => {
  // A warning is an unknown tag or directive: its author expects an effect that it does not have.
  for (const { code, pos } of [...errors, ...warnings]) {
    if (problems.isFull) return;
    problems.atOffset(pos[0], syntaxMessage(code));
  }
  if (directives.yaml.version === "1.1") problems.atOffset(0, oldVersion);
};

/** Reads YAML 1.2 or JSON in bounded time and memory, and never throws for any text. */
export const readSource = (file: string, text: string): Result<Source> => {
  const lines = new LineCounter();
  const problems = createProblemList(file, (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  });
  const document = exceedsTokenBudget(text) ? undefined : parseCheaply(text, lines);
  if (document === undefined) problems.atOffset(0, tooMany);
  else report(document, problems);
  const found = problems.toProblems();
  if (isSome(found)) return { ok: false, problems: found };
  const root = plainValue(document?.contents, lines, problems);
  return ok({ value: root.json, root, problems });
};
