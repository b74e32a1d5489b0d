import { exitCodeOfRun, exitCodes, isOwed, type DebtKey, type DebtState } from "@quiesce/core";
import type { CrashCase } from "./crash-case.ts";
import { lawOfRuns, same, unless, type Law } from "./law.ts";
import type { Played } from "./play.ts";
import { frozenIn } from "./powers.ts";

/** The provider refuses the thaws of these machines for ever. */
const unthawable = ({ faults }: CrashCase): ReadonlySet<string> =>
  new Set(faults.flatMap(({ call, target, times = 1 }) => (call === "thaw" && times > 100 ? [target ?? ""] : [])));

const owedIn = ({ state }: Played): readonly DebtState[] =>
  [...(state?.debts.values() ?? [])].filter((debt) => isOwed(debt) && debt.spec.harm === "frozen");

const noneStaysFrozen = lawOfRuns((played) => {
  const { summary, world, asked } = played;
  const owed = owedIn(played).map(({ spec }) => spec.target);
  const names = new Set<string>(owed.map(({ instance }) => instance));
  const hopeless = unthawable(asked);
  return [
    ...same(
      [...names].sort(),
      [...new Set<string>(summary.frozen)].sort(),
      "open debts, and what the result calls frozen",
    ),
    ...frozenIn(world).flatMap((name) => unless(names.has(name), `${name} is frozen, and nobody owes its thaw`)),
    ...owed.flatMap(({ instance, providerId }) =>
      unless(hopeless.has(providerId), `${instance} is still owed a thaw that the provider does not refuse`),
    ),
    ...unless(names.size === 0 || exitCodeOfRun(summary) === exitCodes.mayBeFrozen, "a guest may be frozen: exit 20"),
  ];
});

/** Opened by an intent, closed by exactly one payment, or found never to have been. */
const eachDebtIsPaidOnce: Law = ({ journal, state }) => {
  const open = new Set<DebtKey>();
  const broken: string[] = [];
  for (const event of journal) {
    if (event.type === "step.intended" && event.debt !== undefined) open.add(event.debt.key);
    if (event.type !== "debt.paid" && event.type !== "debt.void") continue;
    if (!open.delete(event.debt)) broken.push(`${event.debt} is ${event.type}, but was not owed`);
  }
  const owed = [...(state?.debts.values() ?? [])].filter(isOwed).map(({ spec }) => spec.key);
  return [...broken, ...same([...open].sort(), owed.sort(), "debts that the journal leaves open, and open ones")];
};

/** Where no call is lost on its way each debt takes one thaw, at the provider too. */
const oneThawPerFreeze: Law = ({ asked, journal, world, before }) => {
  const abandons = asked.cancels.some(({ mode }) => mode === "hard");
  if (asked.faults.length > 0 || asked.deaths.length > 0 || abandons) return [];
  const paid = journal.filter((event) => event.type === "debt.paid" && !event.debt.startsWith("held")).length;
  const calls = [...world.cloud.calls.slice(before.calls), ...world.services.calls];
  return same(paid, calls.filter((call) => call.startsWith("thaw ")).length, "debts that were paid, and thaws");
};

export const frozenLaws = { noneStaysFrozen, eachDebtIsPaidOnce, oneThawPerFreeze };
