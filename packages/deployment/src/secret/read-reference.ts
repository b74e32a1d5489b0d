import { execFile, type ExecFileException } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { SecretReference } from "./reference.ts";

/** Where references are resolved. */
export interface SecretEnvironment {
  /** Folder of relative paths; a deployment that was read has absolute ones. Default: the working folder. */
  readonly baseDir?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** How long one command may take, in milliseconds. Default 30 s: a person may have to touch a key. */
  readonly commandTimeoutMs?: number;
}

/** The secret, or why there is none. The reason never holds what was read. */
export type ReadSecret = { readonly value: string } | { readonly reason: string; readonly hint: string };

const maxBytes = 64 * 1024;

const codeOf = (thrown: unknown): string =>
  typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "unknown reason";

/** Editors and most programs end a text with a newline that is not part of the secret. */
const withoutLastNewline = (text: string): string => text.replace(/\r?\n$/, "");

const checked = (text: string, hint: string): ReadSecret => {
  const value = withoutLastNewline(text);
  return value === "" ? { reason: "is empty", hint } : { value };
};

const fromFile = async (path: string, { signal }: SecretEnvironment): Promise<ReadSecret> => {
  const hint = "Check the path and that you may read the file.";
  try {
    const found = await stat(path);
    if (!found.isFile()) return { reason: "is not a regular file", hint };
    if (found.size > maxBytes) return { reason: `is larger than ${maxBytes / 1024} KiB`, hint };
    return checked(await readFile(path, { encoding: "utf8", signal }), "Write the secret into the file.");
  } catch (error) {
    signal.throwIfAborted();
    return { reason: codeOf(error) === "ENOENT" ? "does not exist" : `cannot be read (${codeOf(error)})`, hint };
  }
};

/** Why a command gave no secret. Its output is not shown: it may hold the secret, or a part of it. */
const failureOf = (error: ExecFileException, timeoutMs: number): string => {
  if (error.code === "ENOENT") return "was not found";
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `printed more than ${maxBytes / 1024} KiB`;
  if (typeof error.code === "number") return `ended with exit status ${error.code}`;
  if (error.killed === true) return `did not end within ${timeoutMs} ms`;
  return `failed (${error.code ?? error.signal ?? "unknown reason"})`;
};

const fromCommand = (
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  { env, signal, commandTimeoutMs = 30_000 }: SecretEnvironment,
): Promise<ReadSecret> => {
  const hint = "Run the command by hand to see what it says.";
  const limits = { timeout: commandTimeoutMs, killSignal: "SIGKILL", maxBuffer: maxBytes } as const;
  return new Promise((done, reject) => {
    const child = execFile(program, args, { cwd, env: { ...env }, signal, ...limits }, (error, stdout) => {
      if (signal.aborted) reject(signal.reason as Error);
      else done(error === null ? checked(stdout, hint) : { reason: failureOf(error, commandTimeoutMs), hint });
    });
    // A command that asks a question must not wait for an answer that nobody gives.
    child.stdin?.end();
  });
};

/** Reads one secret. Rejects only when `signal` aborts. */
export const readReference = async (
  reference: SecretReference,
  environment: SecretEnvironment,
): Promise<ReadSecret> => {
  environment.signal.throwIfAborted();
  const baseDir = environment.baseDir ?? ".";
  if ("file" in reference) return fromFile(resolve(baseDir, reference.file), environment);
  if ("command" in reference)
    return fromCommand(reference.command, resolve(baseDir, reference.cwd ?? "."), environment);
  const value = environment.env[reference.env];
  if (value === undefined) return { reason: "is not set", hint: `Set ${reference.env} and try again.` };
  return value === "" ? { reason: "is empty", hint: `Set ${reference.env} and try again.` } : { value };
};
