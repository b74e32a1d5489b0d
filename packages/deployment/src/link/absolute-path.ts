import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { SecretReference } from "../secret/reference.ts";

/** A path of the file, relative to the file's folder; `~/` is the home folder of whoever reads it. */
export const absolutePath = (baseDir: string, path: string): string =>
  path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(baseDir, path);

/** A program with a slash in its name is a path; one without is looked up in PATH when it runs. */
export const absoluteCommand = (
  baseDir: string,
  [program, ...rest]: readonly [string, ...string[]],
): readonly [string, ...string[]] => [
  program.includes("/") && !isAbsolute(program) ? absolutePath(baseDir, program) : program,
  ...rest,
];

export const absoluteReference = (baseDir: string, reference: SecretReference): SecretReference => {
  if ("env" in reference) return reference;
  if ("file" in reference) return { file: absolutePath(baseDir, reference.file) };
  const cwd = absolutePath(baseDir, reference.cwd ?? ".");
  return { command: absoluteCommand(cwd, reference.command), cwd };
};
