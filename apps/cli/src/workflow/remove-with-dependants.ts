import { closureOf, exitCodes, QuiesceError, type BackupKind, type Manifest } from "@quiesce/core";
import { withStore } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { deploymentIdOf } from "../records/deployment-id.ts";
import { chooseSet } from "./choose-set.ts";
import { removeSets } from "./remove-sets.ts";
import type { WorkflowFlags } from "./workflow-flags.ts";

/** Removes a set with all that builds on it, newest first. */
export const removeWithDependants = async (
  deployment: string,
  flags: WorkflowFlags,
  invocation: Invocation,
): Promise<number> => {
  refusePart(flags);
  const sets = await withStore(invocation, async (store): Promise<readonly Manifest[]> => {
    const id = await deploymentIdOf(deployment, invocation.cwd, store);
    const kind = flags.kind as BackupKind | undefined;
    const set = await chooseSet(store.catalogue, id, flags.name ?? "", kind);
    return closureOf(set, await store.catalogue.list({ deployment: id }));
  });
  refuseProtected(sets);
  if (flags.dryRun !== true) return await removeSets({ deployment, sets, flags }, invocation);
  invocation.output.document({
    schema: "quiesce.removal/1",
    sets: sets.map(({ id, name, kind }) => ({ id, name, kind })),
  });
  invocation.output.result(
    ["Would be removed, in this order:", ...sets.map(({ name, kind }) => `  ${kind} ${name}`)].join("\n"),
  );
  return exitCodes.done;
};

/** Whole sets go: a part of a set leaves the others' parts without what they build on. */
const refusePart = ({ includeInstances, excludeInstances }: WorkflowFlags): void => {
  if (includeInstances === undefined && excludeInstances === undefined) return;
  throw new QuiesceError("usage", "--with-dependants removes whole sets, not some of their instances.", {
    hint: "Leave out --include-instances and --exclude-instances.",
  });
};

/** Known before the first set goes, so that not half of them is removed. */
const refuseProtected = (sets: readonly Manifest[]): void => {
  const kept = sets.filter((set) => set.protected === true).map(({ name }) => name);
  if (kept.length === 0) return;
  throw new QuiesceError("refused", `Protected, and so not removed: ${kept.join(", ")}. Nothing was removed.`, {
    hint: "Take the protection away first: quiesce backups unprotect",
  });
};
