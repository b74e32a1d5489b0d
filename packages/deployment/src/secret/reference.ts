import type { Json } from "@quiesce/core";

/**
 * Where a secret is, instead of the secret. In a deployment that was read, `file` and `cwd` are absolute, so that a
 * reference means the same in every process that later works with the stored deployment.
 */
export type SecretReference =
  | { readonly env: string }
  | { readonly file: string }
  /** Run without a shell; its standard output is the secret. `cwd`: default is the folder of the deployment file. */
  | { readonly command: readonly [string, ...string[]]; readonly cwd?: string };

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isCommand = (value: unknown): value is [string, ...string[]] =>
  Array.isArray(value) && value.length > 0 && value.every(isText);

/** A map with the keys of a reference, whether or not it is a correct one. */
export const looksLikeReference = (value: Json): boolean => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key === "env" || key === "file" || key === "command" || key === "cwd");
};

/** The reference that a value is, or nothing if it is none or a wrong one. */
export const asReference = (value: Json | undefined): SecretReference | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { env, file, command, cwd, ...rest } = value as Readonly<Record<string, Json>>;
  const given = [env, file, command].filter((each) => each !== undefined).length;
  if (given !== 1 || Object.keys(rest).length > 0 || (cwd !== undefined && command === undefined)) return undefined;
  if (isText(env)) return { env };
  if (isText(file)) return { file };
  if (!isCommand(command) || (cwd !== undefined && !isText(cwd))) return undefined;
  return cwd === undefined ? { command } : { command, cwd };
};

/** How a reference is named in messages; it never holds the value. */
export const referenceText = (reference: SecretReference): string => {
  if ("env" in reference) return `environment variable ${reference.env}`;
  if ("file" in reference) return `file ${reference.file}`;
  return `command ${reference.command[0]}`;
};
