import { QuiesceError, type RetentionPolicy } from "@quiesce/core";
import type { PruneFlags } from "../commands/backups/prune.ts";
import { parseDuration } from "../input/duration.ts";

const counts = [
  ["keepLast", "--keep-last"],
  ["keepHourly", "--keep-hourly"],
  ["keepDaily", "--keep-daily"],
  ["keepWeekly", "--keep-weekly"],
  ["keepMonthly", "--keep-monthly"],
  ["keepYearly", "--keep-yearly"],
] as const;

/** The rules as typed. None at all is refused: nobody means to keep everything by a command that removes. */
export const readPolicy = (flags: PruneFlags): RetentionPolicy => {
  const policy: Record<string, number> = {};
  for (const [name, flag] of counts) {
    const text = flags[name];
    if (text !== undefined) policy[name] = countOf(flag, text);
  }
  if (flags.keepWithin !== undefined) policy["keepWithinMs"] = durationOf(flags.keepWithin);
  if (Object.keys(policy).length === 0)
    throw new QuiesceError("usage", "Say what to keep: nothing is pruned without a rule.", {
      hint: "For example --keep-last 3 --keep-daily 7 --keep-weekly 4.",
    });
  return policy;
};

const countOf = (flag: string, text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new QuiesceError("usage", `${flag}: "${text}" is not a number of sets, from 1 to 999999.`, {
    hint: `Give one, such as ${flag} 7, or leave the rule out.`,
  });
};

const durationOf = (text: string): number => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new QuiesceError("usage", `--keep-within: "${text}" is not a duration.`, { hint: "Give one such as 72h." });
};
