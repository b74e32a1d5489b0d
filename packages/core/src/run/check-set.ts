import { QuiesceError } from "../error/quiesce-error.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Plan } from "../plan/plan.ts";
import type { Repository } from "../ports/repository.ts";
import type { Store } from "../ports/store.ts";

/**
 * What planning could see too, but what may have changed since, or is the run's own to know: throws QuiesceError
 * `refused` when the plan's bytes lie, or go, elsewhere than in the repository at hand, and for the removal of a set
 * that is protected, or that another store made: its files and its objects at the provider are not ours.
 */
export const checkSet = async (plan: Plan, repository: Repository, store: Store): Promise<void> => {
  const set = await plannedSet(plan, store);
  const where = plan.backup?.repository ?? set?.repository;
  if (where !== undefined && where.id !== repository.id)
    throw new QuiesceError(
      "refused",
      `The ${plan.backup?.kind} ${plan.backup?.name} belongs to the repository at ${where.location}, but the one at hand is ${repository.location}; nothing was done.`,
      { hint: `Name that repository: --repository ${where.location}` },
    );
  if (set !== undefined && plan.workflow === "remove_backup") checkRemovable(set, store);
};

const checkRemovable = (set: Manifest, store: Store): void => {
  if (set.protected === true) {
    const message = `The ${set.kind} ${set.name} is protected; it was not removed.`;
    const hint = `Take its protection away first: quiesce backups unprotect ${set.deployment} ${set.name}.`;
    throw new QuiesceError("refused", message, { hint, problems: [{ code: "protected", message, hint }] });
  }
  if (set.store !== undefined && set.store !== store.id)
    throw new QuiesceError(
      "refused",
      `The ${set.kind} ${set.name} was made by another store (${set.store}); this one can restore it, but not remove it.`,
      { hint: "Remove it where it was made." },
    );
};

const plannedSet = async ({ backup, deployment }: Plan, { catalogue }: Store): Promise<Manifest | undefined> =>
  backup?.id === undefined
    ? undefined
    : (await catalogue.find(deployment, backup.id)).find(({ id }) => id === backup.id);
