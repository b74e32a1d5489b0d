import { lawOfRuns, same } from "./law.ts";
import { policyOf } from "./policy-of.ts";
import { contentsOf, powersOf } from "./powers.ts";
import { ownedIn, setsIn } from "./world-laws.ts";

/** A run that was taken back, after a death or because it did not end well, left nothing. */
const isTakenBack = lawOfRuns(async (played) => {
  const { world, before, asked, summary } = played;
  const wanted = policyOf(played) === "compensate" || (asked.rollback && asked.deaths.length === 0);
  if (!wanted || summary.status === "succeeded" || asked.faults.length > 0) return [];
  const own = ownedIn(world).filter(({ tag, use }) => tag.run === summary.runId && use !== "recovery");
  const sets = (await setsIn(world)).filter(({ id }) => id === summary.backup?.id);
  return [
    ...own.map(({ kind, id }) => `${kind} ${id} was not taken back`),
    ...(asked.workflow === "backup" ? sets.map(({ name }) => `the set ${name} is still listed`) : []),
    ...(asked.workflow === "suspend" ? same(powersOf(world), before.powers, "power now and before") : []),
    ...(asked.workflow === "restore" && asked.kind === "backup"
      ? [
          ...same(powersOf(world), before.powers, "power now and before"),
          ...same(contentsOf(world), before.contents, "content"),
        ]
      : []),
  ];
});

export const takenBackLaws = { isTakenBack };
