import type { JsonObject, OwnershipTag } from "@quiesce/core";
import type { MarkFields } from "../api/mark.ts";
import { powers, type Power } from "../api/power.ts";
import type { How } from "../options.ts";

/** What a suspend leaves for the resume: `Outcome.saved`, and the fields of its mark in the machine. */
export interface SuspendRecord {
  /** What the machine did before anybody of ours touched it. Only `running` is brought back. */
  readonly prior: Power;
  readonly how: How | "none";
}

const stateBy: Readonly<Record<How, Power>> = { pause: "paused", save: "saved", sleep: "asleep" };

export const suspendMark = (tag: OwnershipTag, how: How): MarkFields => ({ ...tag, prior: "running", how });

/**
 * The record of a machine that is suspended now. What this run's own mark says comes first: it was written right before
 * the act. Then what an earlier suspend recorded and nobody resumed, then an older mark of this store. A mark counts
 * only while it explains the state: one that speaks of a pause says nothing of a machine that is off.
 */
export const suspendRecord = (
  power: Power,
  known: { readonly mark: MarkFields | undefined; readonly prior: JsonObject | undefined; readonly tag: OwnershipTag },
): SuspendRecord => {
  const { mark, prior, tag } = known;
  const marked = mark?.["store"] === tag.store && explains(mark, power) ? recordOf(mark) : undefined;
  const own = mark?.["run"] === tag.run ? marked : undefined;
  return own ?? recordOf(prior ?? {}) ?? marked ?? { prior: power, how: "none" };
};

/** The record in a mark or in a journal; undefined when it is not whole. */
export const recordOf = (fields: JsonObject | MarkFields): SuspendRecord | undefined => {
  const prior = powers.find((power) => power === fields["prior"]);
  const how = fields["how"];
  if (prior === undefined) return undefined;
  return { prior, how: isHow(how) ? how : "none" };
};

export const isHow = (value: unknown): value is How => typeof value === "string" && value in stateBy;

const explains = (mark: MarkFields, power: Power): boolean => {
  const how = mark["how"];
  return isHow(how) && stateBy[how] === power;
};
