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
  const { runs } = recovery;
  const { settings, invocation, stops } = tools;
  const endAtMs = settings.timeoutMs === undefined ? undefined : performance.now() + settings.timeoutMs;
  for (const run of runs)
    if (run.life.is === "gone") for (const line of foundLines(run, Date.now())) invocation.output.note(line);
  const sayStopping = once(() => invocation.output.note(stopping));
  stops.handOver(sayStopping);
  const paid = paysItself(recovery) ? new Map<RunId, RunSummary>() : await payAll(runs, tools);
  const recovered: Recovered[] = [];
  for (const run of runs) {
    const leftMs = endAtMs === undefined ? undefined : Math.max(0, endAtMs - performance.now());
    const stoppedBefore = recovered.some((one) => one.did === "left" && one.exitCode === exitCodes.interrupted);
    const next = { run, leftMs, paid: paid.get(run.record.run), stoppedBefore };
    recovered.push(await recoverNext(next, recovery, tools));
    stops.handOver(sayStopping);
  }
  return recovered;
};

const stopping = "Stopping: what is owed is still paid; no further run is taken over.";

const once = (act: () => void): (() => void) => {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
};

/** One run that goes on at once pays its own debts first, and nobody can come between. */
const paysItself = ({ runs: [run, ...others], policy, debtsOnly }: Recovery): boolean =>
  run !== undefined && others.length === 0 && run.record.settledAt === undefined && policy !== "ask" && !debtsOnly;

interface Next {
  readonly run: Unfinished;
  /** What the run was after its debts were paid. */
  readonly paid: RunSummary | undefined;
  readonly leftMs: number | undefined;
  readonly stoppedBefore: boolean;
}

const recoverNext = async (
  { run, paid, leftMs, stoppedBefore }: Next,
  { named, policy, debtsOnly }: Recovery,
  tools: RecoveryTools,
): Promise<Recovered> => {
  const { life, record } = run;
  if (life.is !== "gone") return await leaveLiving(run, life, named, tools);
  if (debtsOnly || record.settledAt !== undefined)
    return paid === undefined
      ? await leave(run, tools, { reason: "it owes nothing", exitCode: exitCodes.done })
      : { run, summary: paid, did: "debts-paid" };
  const signal = tools.stops.received() ?? (stoppedBefore ? "SIGINT" : undefined);
  if (signal !== undefined)
    return await leave(run, tools, { reason: "stopped before it was taken over", exitCode: exitCodeOfSignal(signal) });
  if (leftMs === 0) return await leave(run, tools, { reason: "the time was up", exitCode: exitCodes.deadline });
  const choice = await choosePolicy(run, policy, tools.invocation.interactive);
  switch (choice) {
    case "stop":
      return await leave(run, tools, { reason: "stopped", exitCode: exitCodes.interrupted });
    case "leave":
      return await leave(run, tools, { reason: "nobody decided what becomes of it", exitCode: exitCodes.unconfirmed });
    case "continue":
    case "compensate":
      return await recoverOne(run, choice, leftMs, tools);
  }
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
