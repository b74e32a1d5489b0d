import { exitCodeOfError, isQuiesceError, recoverRun, summarize, type RecoverPolicy } from "@quiesce/core";
import { storedRepository } from "../compose/stored-repository.ts";
import { followRun } from "../workflow/follow-run.ts";
import { didOf, type Recovered } from "./recovered.ts";
import { goneOf, withPartsOf, type RecoveryTools } from "./recovery-tools.ts";
import type { Unfinished } from "./unfinished.ts";

/** Takes one run over and brings it to its end. What keeps it from being taken over leaves it as it is, with the reason. */
export const recoverOne = async (
  run: Unfinished,
  policy: RecoverPolicy,
  timeoutMs: number | undefined,
  tools: RecoveryTools,
): Promise<Recovered> => {
  const { store, settings, stops, invocation } = tools;
  const id = run.record.run;
  try {
    const repository = await storedRepository(run.index.plan, store, settings);
    const { summary, timedOut } = await withPartsOf(run, repository, tools, (parts) =>
      followRun(
        {
          run: id,
          plan: run.index.plan,
          store,
          stops,
          timeoutMs,
          start: (onEvent) => recoverRun({ run: id, policy, ...goneOf(run), onEvent }, parts),
        },
        invocation.output,
      ),
    );
    return { run, summary, did: didOf[policy], timedOut, stoppedBy: stops.received() };
  } catch (thrown) {
    if (!isQuiesceError(thrown)) throw thrown;
    const { code, message, hint } = thrown;
    return await leave(run, tools, {
      reason: message,
      code,
      exitCode: exitCodeOfError(code),
      ...(hint === undefined ? {} : { hint }),
    });
  }
};

type Why = Omit<Extract<Recovered, { did: "left" }>, "run" | "summary" | "did">;

/** The run stays as it is now. */
export const leave = async (run: Unfinished, { store }: RecoveryTools, why: Why): Promise<Recovered> => {
  const { record, index } = run;
  return { run, summary: summarize(index, record.run, await store.state(record.run)), did: "left", ...why };
};
