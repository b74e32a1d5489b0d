import { exitCodes, QuiesceError, type Manifest } from "@quiesce/core";
import { askYesNo } from "../input/ask-yes-no.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { runWorkflow } from "./run-workflow.ts";
import type { WorkflowFlags } from "./workflow-flags.ts";

export interface Removal {
  /** A file or a registered name. */
  readonly deployment: string;
  /** In the order in which they go: what builds on another goes first. */
  readonly sets: readonly Manifest[];
  readonly flags: WorkflowFlags;
}

/** Removes sets one after another, each by a run of its own; the first that fails ends it, so that no chain breaks. */
export const removeSets = async ({ deployment, sets, flags }: Removal, invocation: Invocation): Promise<number> => {
  await confirmRemoval(sets, flags.yes === true, invocation);
  const { withDependants: _several, ...each } = flags;
  for (const { id, kind } of sets) {
    const exitCode = await runWorkflow(
      { workflow: "remove_backup", use: "run", deployment, flags: { ...each, name: id, kind, yes: true } },
      invocation,
    );
    if (exitCode !== exitCodes.done) return exitCode;
  }
  return exitCodes.done;
};

const confirmRemoval = async (sets: readonly Manifest[], yes: boolean, invocation: Invocation): Promise<void> => {
  if (yes || sets.length === 0) return;
  const what = `This removes ${sets.length} set(s): ${sets.map(({ name, kind }) => `${kind} ${name}`).join(", ")}.`;
  if (!invocation.interactive)
    throw new QuiesceError("unconfirmed", `${what} Nobody can be asked here, so nothing was done.`, {
      hint: "Add --yes when that is meant.",
    });
  invocation.output.warn(what);
  if (!(await askYesNo("Remove them?"))) throw new QuiesceError("unconfirmed", "Not confirmed; nothing was done.");
};
