import {
  exitCodeOfError,
  exitCodeOfProblems,
  exitCodeOfProvider,
  exitCodes,
  isProviderFailure,
  isQuiesceError,
  type ProviderError,
  type QuiesceError,
} from "@quiesce/core";
import type { Invocation } from "../invocation/invocation.ts";
import { problemLines } from "../render/problem-lines.ts";
import { isInterruption } from "../signals/interruption.ts";
import { isAlarm } from "./alarm.ts";
import { writeDebugFile } from "./debug-file.ts";

/** Prints why a command ended before or beside a run, in plain words, and gives the exit code. No stack is shown. */
export const report = async (thrown: unknown, invocation: Invocation): Promise<number> => {
  if (isInterruption(thrown))
    return tell({ code: "interrupted", message: thrown.message }, thrown.exitCode, invocation);
  if (isAlarm(thrown)) {
    const { message, hint, exitCode } = thrown;
    return tell({ code: "owed", message, hint }, exitCode, invocation);
  }
  if (isQuiesceError(thrown)) return ofQuiesce(thrown, invocation);
  if (isProviderFailure(thrown)) return ofProvider(thrown.problem, invocation);
  return await ofBug(thrown, invocation);
};

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly problems?: QuiesceError["problems"];
}

const tell = ({ code, message, hint, problems = [] }: Told, exitCode: number, { output }: Invocation): number => {
  output.warn([message, ...problemLines(problems), ...(hint === undefined ? [] : [hint])].join("\n"));
  const error = { code, message, ...(hint === undefined ? {} : { hint }), problems };
  output.document(
    output.settings.format === "ndjson"
      ? { schema: "quiesce.event/1", type: "result", error, exitCode }
      : { schema: "quiesce.error/1", error, exitCode },
  );
  return exitCode;
};

const ofQuiesce = ({ code, message, hint, problems }: QuiesceError, invocation: Invocation): number => {
  const exitCode = problems.length > 0 ? exitCodeOfProblems(problems) : exitCodeOfError(code);
  return tell({ code, message, problems, ...(hint === undefined ? {} : { hint }) }, exitCode, invocation);
};

const ofProvider = (problem: ProviderError, invocation: Invocation): number => {
  const { code, message, providerRequestId } = problem;
  const request = providerRequestId === undefined ? "" : ` (request ${providerRequestId})`;
  return tell({ code, message: `${message}${request}` }, exitCodeOfProvider(problem), invocation);
};

const ofBug = async (thrown: unknown, invocation: Invocation): Promise<number> => {
  const file = await writeDebugFile(thrown, invocation);
  const where = file === undefined ? "The details could not be written to a file." : `Details are in ${file}.`;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return tell(
    {
      code: "bug",
      message: `quiesce failed unexpectedly: ${why}`,
      hint: `This is a bug in quiesce. ${where} Please report it.`,
    },
    exitCodes.bug,
    invocation,
  );
};
