import { resultOf, type Json, type JsonObject, type Problem, type Result } from "@quiesce/core";
import { pathText, type Path } from "../source/spot.ts";
import { readReference, type ReadSecret, type SecretEnvironment } from "./read-reference.ts";
import { asReference, referenceText, type SecretReference } from "./reference.ts";

/** A config that is ready to connect with. Never store or print it. */
export interface ResolvedConfig {
  readonly config: JsonObject;
  /** Every secret in it, for a `redactor`. */
  readonly values: readonly string[];
}

interface Work {
  readonly environment: SecretEnvironment;
  readonly problems: Problem[];
  /** By the reference's JSON: what is named twice is read once. */
  readonly read: Map<string, ReadSecret>;
}

const readOnce = async (reference: SecretReference, work: Work): Promise<ReadSecret> => {
  const key = JSON.stringify(reference);
  const known = work.read.get(key);
  if (known !== undefined) return known;
  const read = await readReference(reference, work.environment);
  work.read.set(key, read);
  return read;
};

const resolveReference = async (reference: SecretReference, path: Path, work: Work): Promise<Json> => {
  const read = await readOnce(reference, work);
  if ("value" in read) return read.value;
  const message = `Cannot read the secret ${pathText(path)}: ${referenceText(reference)} ${read.reason}`;
  work.problems.push({ code: "config-invalid", message, hint: read.hint });
  return null;
};

// One after another: two commands that ask the user at the same time would confuse.
const resolveValue = async (value: Json, path: Path, work: Work): Promise<Json> => {
  if (typeof value !== "object" || value === null) return value;
  const reference = asReference(value);
  if (reference !== undefined) return resolveReference(reference, path, work);
  if (!Array.isArray(value)) return resolveMap(value as JsonObject, path, work);
  const items: Json[] = [];
  for (const [index, item] of value.entries()) items.push(await resolveValue(item as Json, [...path, index], work));
  return items;
};

const resolveMap = async (map: JsonObject, path: Path, work: Work): Promise<JsonObject> => {
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(map)) entries.push([key, await resolveValue(item, [...path, key], work)]);
  return Object.fromEntries(entries);
};

/**
 * Replaces every reference in a plugin's config or a hook's arguments by the secret that it names. Done when a
 * connection is opened; the deployment that is stored keeps its references. All that cannot be read is reported at
 * once, by reference and never by value. Rejects only when `signal` aborts.
 */
export const resolveSecrets = async (
  config: JsonObject,
  environment: SecretEnvironment,
): Promise<Result<ResolvedConfig>> => {
  const work: Work = { environment, problems: [], read: new Map() };
  const resolved = await resolveMap(config, [], work);
  const values = [...work.read.values()].flatMap((read) => ("value" in read ? [read.value] : []));
  return resultOf(work.problems, () => ({ config: resolved, values }));
};
