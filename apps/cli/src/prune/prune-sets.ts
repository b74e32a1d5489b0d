import { exitCodes, prunePlan, QuiesceError, systemClock, type PrunePlan } from "@quiesce/core";
import type { PruneFlags } from "../commands/backups/prune.ts";
import { withStore } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { deploymentIdOf } from "../records/deployment-id.ts";
import { age } from "../render/age.ts";
import { table } from "../render/table.ts";
import { removeSets } from "../workflow/remove-sets.ts";
import { readPolicy } from "./read-policy.ts";

/** Above this share of all sets a yes is not enough: a wrong rule must not empty a repository. */
const largeShare = 0.2;

/** Shows which sets a rule keeps and which go, asks, and removes those. */
export const pruneSets = async (deployment: string, flags: PruneFlags, invocation: Invocation): Promise<number> => {
  const policy = readPolicy(flags);
  const { output, cwd } = invocation;
  const plan = await withStore(invocation, async (store) => {
    const sets = await store.catalogue.list({ deployment: await deploymentIdOf(deployment, cwd, store) });
    const looked = flags.kind === undefined ? sets : sets.filter(({ kind }) => kind === flags.kind);
    return prunePlan(looked, policy, systemClock.now());
  });
  const { remove: sets } = plan;
  if (flags.dryRun === true || sets.length === 0) {
    output.document(documentOf(plan));
    output.result(tableOf(plan));
    return exitCodes.done;
  }
  output.note(tableOf(plan));
  checkShare(plan, flags.confirm);
  const { repository, yes } = flags;
  const given = { ...(repository === undefined ? {} : { repository }), ...(yes === undefined ? {} : { yes }) };
  return await removeSets({ deployment, sets, flags: given }, invocation);
};

const checkShare = ({ remove, share, verdicts }: PrunePlan, confirmed: string | undefined): void => {
  if (confirmed !== undefined && confirmed !== String(remove.length))
    throw new QuiesceError("unconfirmed", `--confirm says ${confirmed}, but ${remove.length} set(s) would go.`, {
      hint: "Look at the list above; give the number that it shows, if that is meant.",
    });
  if (share <= largeShare || confirmed !== undefined) return;
  throw new QuiesceError(
    "unconfirmed",
    `${remove.length} of ${verdicts.length} set(s) would go, more than a fifth. Nothing was removed.`,
    { hint: `If that is meant, add --confirm ${remove.length}.` },
  );
};

const columns = ["", "NAME", "KIND", "AGE", "WHY"].map((heading) => ({ heading }));

const tableOf = ({ verdicts, remove }: PrunePlan): string => {
  if (verdicts.length === 0) return "No sets.";
  const now = Date.parse(systemClock.now());
  const rows = verdicts.map(({ set, keep, reasons }) => [
    keep ? "keep" : "remove",
    set.name,
    set.kind,
    age(set.createdAt, now),
    reasons.join("; "),
  ]);
  return `${table(columns, rows)}\n${remove.length} of ${verdicts.length} set(s) would go.`;
};

const documentOf = ({ verdicts, remove, share }: PrunePlan): object => ({
  schema: "quiesce.prune/1",
  sets: verdicts.map(({ set: { id, name, kind, createdAt }, keep, reasons }) => ({
    id,
    name,
    kind,
    createdAt,
    keep,
    reasons,
  })),
  remove: remove.map(({ id }) => id),
  share,
});
