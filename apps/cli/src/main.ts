import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import type { Invocation } from "./invocation/invocation.ts";
import { createOutput } from "./invocation/output.ts";
import { buildProgram } from "./program/build-program.ts";
import { catchUncaught } from "./signals/uncaught.ts";

const usage = 2;
const bug = 70;

/** Runs one command line and gives its exit code. Never throws. */
export const main = async (argv: readonly string[]): Promise<number> => {
  const invocation = startInvocation(argv);
  ignoreBrokenPipes();
  catchUncaught((thrown) => void tellAndExit(thrown, invocation));
  try {
    if (argv[0] === "__complete") return await completeWords(argv.slice(1), invocation);
    const program = buildProgram(invocation, version(), (text) => process.stdout.write(text));
    await program.parseAsync([...helpFirst(argv)], { from: "user" });
    return invocation.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return exitOfParser(thrown, invocation);
    return await tell(thrown, invocation);
  }
};

const tell = async (thrown: unknown, invocation: Invocation): Promise<number> => {
  const { report } = await import("./failure/report.ts");
  return await report(thrown, invocation);
};

/** For what was thrown where no one waits: nothing is left that could end the command in order. */
const tellAndExit = async (thrown: unknown, invocation: Invocation): Promise<never> =>
  process.exit(await tell(thrown, invocation).catch(() => bug));

const startInvocation = (argv: readonly string[]): Invocation => {
  const output = createOutput(process.stdout, process.stderr);
  // Until the options are read, a wrong option must already be answered in the form that was asked for.
  output.configure({ format: argv.includes("--json") ? "json" : "text", quiet: false, color: false });
  return {
    argv,
    env: process.env,
    cwd: process.cwd(),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    output,
    globals: {},
    exitCode: 0,
  };
};

/** A reader of our output that goes away (`| head`) must not end a run: machines would stay frozen. */
const ignoreBrokenPipes = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
};

/** `help backup` is `backup --help`, and nothing at all is `--help`. */
const helpFirst = (argv: readonly string[]): readonly string[] => {
  if (argv.length === 0) return ["--help"];
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
};

const completeWords = async (words: readonly string[], invocation: Invocation): Promise<number> => {
  const { complete } = await import("./completion/complete.ts");
  for (const candidate of await complete(words, invocation)) invocation.output.result(candidate);
  return 0;
};

const exitOfParser = ({ code, message, exitCode }: CommanderError, { output }: Invocation): number => {
  if (exitCode === 0) return 0;
  if (code !== "commander.help")
    output.document({ schema: "quiesce.error/1", error: { code: "usage", message, problems: [] }, exitCode: usage });
  return usage;
};

const version = (): string => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return version;
};
