import { execFile } from "node:child_process";
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

const fromCommand = (
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  { env, signal, commandTimeoutMs = 30_000 }: SecretEnvironment,
): Promise<ReadSecret> => {
  const hint = "Run the command by hand to see what it says.";
  const options = { cwd, env: { ...env }, signal, timeout: commandTimeoutMs, killSignal: "SIGKILL" } as const;
  return new Promise((done, reject) => {
    const child = execFile(program, args, { ...options, maxBuffer: maxBytes }, (error, stdout) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (error === null) done(checked(stdout, hint));
      else if (error.killed === true && error.code === null)
        done({ reason: `did not end within ${commandTimeoutMs} ms`, hint });
      else if (typeof error.code === "number") done({ reason: `ended with exit status ${error.code}`, hint });
      else done({ reason: `failed (${error.code ?? error.signal ?? "unknown reason"})`, hint });
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
