import { QuiesceError } from "../error/quiesce-error.ts";
import type { Event } from "../event/event.ts";
import type { Deployment } from "../model/deployment.ts";
import type { RunId } from "../model/id.ts";
import type { Plan } from "../plan/plan.ts";
import { checkSet } from "../run/check-set.ts";
import { forward } from "../run/forward.ts";
import { settle } from "../run/settle.ts";
import { embeddedEngine } from "./engine.ts";
import { noRepository } from "./no-repository.ts";
import { defaultLockTtlMs, type RuntimeParts } from "./runtime-parts.ts";
import { workingRun, type RunHandle } from "./working-run.ts";

export interface RunRequest {
  readonly run: RunId;
  readonly plan: Plan;
  readonly deployment: Deployment;
  /** Gets every event, recorded and live, in order; must not throw. */
  readonly onEvent: (event: Event) => void;
  /** A run that does not end well takes back what it did. Default: what was done stays. */
  readonly rollback?: boolean;
}

/**
 * Starts a run in this process. Resolves when the run is durable and holds its locks; throws QuiesceError `locked`
 * when another run holds one of them, and `refused` for a set whose bytes lie elsewhere.
 */
export const startRun = async (request: RunRequest, parts: RuntimeParts): Promise<RunHandle> => {
  const { run, plan, deployment, onEvent, rollback = false } = request;
  const { store, clock, worker, lockTtlMs: ttlMs = defaultLockTtlMs, repository = noRepository } = parts;
  await checkSet(plan, repository, store);
  const at = clock.now();
  const begun = await store.begin({ run, plan, deployment, at, worker, ttlMs });
  if (!begun.begun) {
    throw new QuiesceError("locked", `Run ${begun.by} of ${begun.worker} works on ${begun.key}.`, {
      hint: `Wait for it, or cancel it: quiesce executions cancel ${begun.by}. Its lock ends by itself at ${begun.until} if the process died.`,
    });
  }
  // The store wrote it together with the locks.
  onEvent({ type: "run.started", at, run, plan: plan.digest });
  return workingRun({ run, plan, deployment, claim: begun.claim, onEvent }, parts, (drive, isOurs) =>
    settle(drive, {
      work: () => forward(drive, embeddedEngine(drive)),
      takeBack: rollback ? "unless-well" : "never",
      recovered: false,
      isOurs,
    }),
  );
};
