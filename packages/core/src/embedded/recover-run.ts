import { QuiesceError } from "../error/quiesce-error.ts";
import type { Event, RecoverPolicy } from "../event/event.ts";
import type { RunId } from "../model/id.ts";
import { unknownRun } from "../ports/store-error.ts";
import type { Store, TakenOver } from "../ports/store.ts";
import { checkSet } from "../run/check-set.ts";
import type { Drive } from "../run/drive.ts";
import { forward } from "../run/forward.ts";
import { overtakenBy } from "../run/overtaken-by.ts";
import { payOpen } from "../run/pay-open.ts";
import { settle } from "../run/settle.ts";
import { summarize, type RunSummary } from "../run/summary.ts";
import { embeddedEngine } from "./engine.ts";
import { noRepository } from "./no-repository.ts";
import { defaultLockTtlMs, type RuntimeParts } from "./runtime-parts.ts";
import { workingRun, type Held, type RunHandle } from "./working-run.ts";

export interface PayRequest {
  readonly run: RunId;
  /** A worker (`RunRecord.worker`) that is known to be dead: its lease is not waited for. */
  readonly gone?: string;
  /** Gets every event, recorded and live, in order; must not throw. */
  readonly onEvent: (event: Event) => void;
}

export interface RecoverRequest extends PayRequest {
  readonly policy: RecoverPolicy;
}

/**
 * Takes over a run whose process died: pays what guests wait for, then goes on where the journal ends, or takes back
 * what was done. One that had begun to take back goes on with that. A run that a later one on the same objects has overtaken is not gone on with: what it made is taken
 * back where that harms nobody (a backup), else it is closed as it is. A settled run has its debts paid and nothing
 * more. When a guest cannot be thawed, nothing else is done: the result says `running`, and names it.
 *
 * Throws QuiesceError `locked` while the run's process lives, or while another run holds its locks (then after its
 * debts were paid), `refused` for a set whose bytes lie elsewhere (the same), `not-found` for an unknown run.
 */
export const recoverRun = async (request: RecoverRequest, parts: RuntimeParts): Promise<RunHandle> => {
  const { run } = request;
  const { store, repository = noRepository } = parts;
  const known = await loaded(store, run);
  const settled = known.record.settledAt !== undefined;
  const { held, locks } = await taken(request, settled ? "debts" : request.policy, parts, known);
  return workingRun(held, parts, async (drive, isOurs) => {
    const goesOn = !settled && locks && request.policy === "continue";
    await payOpen(drive, ({ spec }) => !goesOn || spec.harm !== "held");
    const summary = await summaryOf(drive);
    if (settled || summary.frozen.length > 0) return await leave(held, parts, summary);
    if (!locks) {
      await store.letGo(held.claim);
      throw new QuiesceError("locked", `The debts of run ${run} are paid; another run works on its objects now.`, {
        hint: `When that one has ended: quiesce recover ${run}.`,
      });
    }
    try {
      await checkSet(known.plan, repository, store);
    } catch (thrown) {
      await store.letGo(held.claim);
      throw thrown;
    }
    return await bringToEnd(drive, isOurs, request.policy);
  });
};

/**
 * Pays what a run owes whose process died, held jobs too, and leaves the run as it is. Throws QuiesceError `locked`
 * while its process lives. Debts that could not be paid are in the result.
 */
export const payDebts = async (request: PayRequest, parts: RuntimeParts): Promise<RunSummary> => {
  const known = await loaded(parts.store, request.run);
  const { held } = await taken(request, "debts", parts, known);
  return await workingRun(held, parts, async (drive) => {
    // A job that holds a capture is given up only when nobody can go on with it.
    await payOpen(drive, ({ spec }) => spec.harm !== "held" || known.record.settledAt !== undefined);
    return await leave(held, parts, await summaryOf(drive));
  }).result;
};

const bringToEnd = async (drive: Drive, isOurs: () => Promise<boolean>, policy: RecoverPolicy): Promise<RunSummary> => {
  const overtaken = (await overtakenBy(drive.store, drive.run, drive.index.plan)) !== undefined;
  const isBackup = drive.index.plan.workflow === "backup";
  const { undoing = false } = await drive.store.state(drive.run);
  const goesOn = policy === "continue" && !overtaken && !undoing;
  if (!goesOn) await payOpen(drive, () => true);
  return await settle(drive, {
    work: () => (goesOn ? forward(drive, embeddedEngine(drive)) : Promise.resolve(undefined)),
    takeBack: goesOn || (overtaken && !undoing && !isBackup) ? "never" : "always",
    recovered: true,
    isOurs,
  });
};

type Loaded = NonNullable<Awaited<ReturnType<Store["load"]>>>;

const loaded = async (store: Store, run: RunId): Promise<Loaded> => {
  const known = await store.load(run);
  if (known === undefined) throw unknownRun(run);
  return known;
};

const taken = async (
  { run, gone, onEvent }: PayRequest,
  policy: RecoverPolicy | "debts",
  { store, clock, worker, lockTtlMs: ttlMs = defaultLockTtlMs }: RuntimeParts,
  { plan, deployment }: Loaded,
): Promise<{ readonly held: Held; readonly locks: boolean }> => {
  const at = clock.now();
  const over = await store.takeOver({ run, worker, ttlMs, at, policy, ...(gone === undefined ? {} : { gone }) });
  if (!over.taken) throw alive(run, over);
  // The store wrote it together with the claim.
  onEvent({ type: "run.recovering", at, run, worker, policy });
  return { held: { run, plan, deployment, claim: over.claim, onEvent }, locks: over.locks };
};

const alive = (run: RunId, { worker, until }: Extract<TakenOver, { taken: false }>): QuiesceError =>
  new QuiesceError("locked", `Run ${run} is still held by ${worker}.`, {
    hint: `If that process is dead, its lease ends by itself at ${until}; else cancel it: quiesce executions cancel ${run}.`,
  });

const summaryOf = async ({ index, run, store }: Drive): Promise<RunSummary> =>
  summarize(index, run, await store.state(run));

const leave = async ({ claim }: Held, { store }: RuntimeParts, summary: RunSummary): Promise<RunSummary> => {
  await store.letGo(claim);
  return summary;
};
