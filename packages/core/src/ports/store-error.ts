import { QuiesceError } from "../error/quiesce-error.ts";
import type { BackupId, RunId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Claim } from "./store.ts";

// What every store says in the same case, so that a user reads the same words whichever store is used.

export const unknownRun = (run: RunId): QuiesceError =>
  new QuiesceError("not-found", `There is no run ${run} in this store.`, { hint: "`quiesce runs` lists the runs." });

export const unknownSet = (id: BackupId): QuiesceError =>
  new QuiesceError("not-found", `There is no backup set ${id} in this store.`, {
    hint: "`quiesce backups list` lists the sets.",
  });

export const runExists = (run: RunId): QuiesceError =>
  new QuiesceError("refused", `A run with the id ${run} is already stored; nothing was started.`);

/** `what`: the call that was refused. */
export const fencedOff = ({ run, chain }: Pick<Claim, "run" | "chain">, what: string): QuiesceError =>
  new QuiesceError(
    "fenced",
    `${what} for ${chain === "run" ? "run" : `chain ${chain} of run`} ${run} was refused: another process took over.`,
    { hint: "This process must make no more calls for the run." },
  );

/** Carries the planner's problem `name-taken`, so that both give the same exit code. */
export const nameTaken = ({ name, kind, deployment }: Pick<Manifest, "name" | "kind" | "deployment">): QuiesceError => {
  const message = `Deployment ${deployment} already has a ${kind} named ${name}.`;
  const hint = "Choose another name, or remove that set first.";
  return new QuiesceError("refused", message, { hint, problems: [{ code: "name-taken", message, hint }] });
};
