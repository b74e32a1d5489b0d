import type { Output } from "./output.ts";

/** Options that every command takes; they may stand before or after its name. */
export interface GlobalOptions {
  readonly profile?: string;
  readonly stateDir?: string;
}

/** One call of the command line: where it runs, what it may print to, and its exit code. */
export interface Invocation {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** A person can be asked. */
  readonly interactive: boolean;
  readonly output: Output;
  globals: GlobalOptions;
  exitCode: number;
}
