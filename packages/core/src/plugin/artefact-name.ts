import { createHash } from "node:crypto";
import type { InstanceId, RunId } from "../model/id.ts";
import type { NameRule } from "./context.ts";

const hash8 = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

/**
 * The name of what a step makes: `quiesce-<set>-<8 of run and instance>`. The same for each try, different for each
 * run and instance, and fit for the provider: characters that `rule` refuses become `-`, and only the set's name is cut.
 */
export const artefactName = (set: string, run: RunId, instance: InstanceId, rule: NameRule): string => {
  const suffix = `-${hash8(`${run}/${instance}`)}`;
  const fit = Array.from(`quiesce-${set}`, (character) => (rule.allow.test(character) ? character : "-")).join("");
  return fit.slice(0, rule.max - suffix.length).replace(/-+$/, "") + suffix;
};

/** A UUID (version 5 layout) of a step: the same for each try, for providers that make requests idempotent by one. */
export const requestIdOf = (run: RunId, key: string): string => {
  const hex = createHash("sha1").update(`quiesce/${run}/${key}`).digest("hex").slice(0, 32);
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16).padStart(2, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
};
