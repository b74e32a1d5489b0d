import fc from "fast-check";
import { anyCrashCase, type Trouble } from "./any-crash-case.ts";
import type { CrashCase } from "./crash-case.ts";
import { deathLaws } from "./death-laws.ts";
import { brokenBy } from "./laws.ts";
import { play } from "./play.ts";

const tell = (asked: CrashCase, deaths: readonly { readonly label: string }[], broken: readonly string[]): string =>
  [...broken, ...deaths.map(({ label }) => `(died ${label})`), `(${asked.workflow}, ${asked.kind})`].join("\n");

/** Plays a case twice, without deaths and cancels and with them; throws when a law is broken. */
const check = async (asked: CrashCase): Promise<void> => {
  const plain = await play({ ...asked, deaths: [], cancels: [] });
  const played = await play(asked, plain.points);
  const isSmooth = asked.faults.length === 0 && asked.cancels.length === 0;
  const broken = await brokenBy(played, isSmooth ? deathLaws(plain) : {});
  if (broken.length > 0) throw new Error(tell(asked, played.deaths, broken));
};

/** The same cases each time, so that a red run is about the change that it is red on. */
const usualSeed = ({ faults }: Trouble): number => (faults === true ? 20_260_101 : 11);

const seedOf = (trouble: Trouble, asked: string | undefined): number => {
  if (asked === undefined) return usualSeed(trouble);
  return asked === "random" ? Date.now() % 2 ** 31 : Number(asked);
};

/**
 * Plays this many random cases and prints their seed: the usual one, or QUIESCE_SEED (a number, or `random` for new
 * ones). Gives the report of the smallest case that breaks a law.
 */
export const counterexampleAmong = async (cases: number, trouble: Trouble): Promise<string | undefined> => {
  const seed = seedOf(trouble, process.env["QUIESCE_SEED"]);
  console.log(`crash cases: ${cases} with ${Object.keys(trouble).join(", ") || "no trouble"}, seed ${seed}`);
  const property = fc.asyncProperty(anyCrashCase(trouble), check);
  const details = await fc.check(property, { numRuns: cases, seed });
  return details.failed ? `${fc.defaultReportMessage(details)}\n${String(details.errorInstance)}` : undefined;
};
