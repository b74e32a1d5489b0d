import { exitCodes, type RunId, type RunSummary } from "@quiesce/core";
import { exitCodeOfSignal } from "../signals/interruption.ts";
import type { Life } from "../worker/run-life.ts";
import { workerName } from "../worker/worker-text.ts";
import { choosePolicy, type WantedPolicy } from "./choose-policy.ts";
import { foundLines } from "./found.ts";
import { leave, recoverOne } from "./recover-one.ts";
import { payAll } from "./pay-all.ts";
import type { Recovered } from "./recovered.ts";
import type { RecoveryTools } from "./recovery-tools.ts";
import type { Unfinished } from "./unfinished.ts";

export interface Recovery {
  /** In this order. */
  readonly runs: readonly Unfinished[];
  /** The user named the run: then one that works is an error. */
  readonly named: boolean;
  readonly policy: WantedPolicy;
  readonly debtsOnly: boolean;
}

/** First what all owe, side by side; then each run in order. */
export const recoverAll = async (recovery: Recovery, tools: RecoveryTools): Promise<readonly Recovered[]> => {
  const { runs, policy, debtsOnly } = recovery;
  const { settings, invocation, stops } = tools;
  const endAtMs = settings.timeoutMs === undefined ? undefined : performance.now() + settings.timeoutMs;
  for (const run of runs)
    if (run.life.is === "gone") for (const line of foundLines(run, Date.now())) invocation.output.note(line);
  stops.handOver(() => invocation.output.note(stopping));
  // One run that goes on at once pays its own debts first, and nobody can come between.
  const alone = runs.length === 1 && policy !== "ask" && !debtsOnly;
  const paid = alone ? new Map<RunId, RunSummary>() : await payAll(runs, tools);
  const recovered: Recovered[] = [];
  for (const run of runs) {
    const summary = paid.get(run.record.run);
    const leftMs = endAtMs === undefined ? undefined : Math.max(0, endAtMs - performance.now());
    recovered.push(
      summary !== undefined && (debtsOnly || run.record.settledAt !== undefined)
        ? { run, summary, did: "debts-paid" }
        : await recoverNext(run, recovery, leftMs, tools),
    );
    stops.handOver(() => invocation.output.note(stopping));
  }
  return recovered;
};

const stopping = "Stopping: what is owed is still paid; no further run is taken over.";

const recoverNext = async (
  run: Unfinished,
  { named, policy, debtsOnly }: Recovery,
  timeoutMs: number | undefined,
  tools: RecoveryTools,
): Promise<Recovered> => {
  const { life, record } = run;
  if (life.is !== "gone") return await leaveLiving(run, life, named, tools);
  if (debtsOnly || record.settledAt !== undefined)
    return await leave(run, tools, { reason: "it owes nothing", exitCode: exitCodes.done });
  const signal = tools.stops.received();
  if (signal !== undefined)
    return await leave(run, tools, { reason: "stopped before it was taken over", exitCode: exitCodeOfSignal(signal) });
  if (timeoutMs === 0) return await leave(run, tools, { reason: "the time was up", exitCode: exitCodes.deadline });
  const choice = await choosePolicy(run, policy, tools.invocation.interactive);
  return choice === "leave"
    ? await leave(run, tools, { reason: "nobody decided what becomes of it", exitCode: exitCodes.unconfirmed })
    : await recoverOne(run, choice, timeoutMs, tools);
};

/** Nobody else's run is taken over; one that may have died elsewhere can be, when its lease has ended. */
const leaveLiving = async (
  run: Unfinished,
  { is, until }: Exclude<Life, { readonly is: "gone" }>,
  named: boolean,
  tools: RecoveryTools,
): Promise<Recovered> => {
  const { run: id, worker } = run.record;
  const fine = is === "works" && !named;
  return await leave(run, tools, {
    reason: `${workerName(worker)} works on it${is === "works" ? "" : ", or died lately"}; its lease ends at ${until} unless it is renewed`,
    hint:
      is === "works"
        ? `Wait for it, or stop it: quiesce executions cancel ${id}`
        : `If that process is dead, recover it when the lease has ended: quiesce recover ${id}`,
    code: "locked",
    exitCode: fine ? exitCodes.done : exitCodes.locked,
  });
};
