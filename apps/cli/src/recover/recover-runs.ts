import { openStateStoreIfAny, type StateStore } from "../compose/state-store.ts";
import { closing, settingsOf } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { findRun, noRuns } from "../records/find-run.ts";
import { listenForStops } from "../signals/listen-for-stops.ts";
import type { WantedPolicy } from "./choose-policy.ts";
import { recoverAll } from "./recover-all.ts";
import { tellRecovery } from "./tell-recovery.ts";
import { unfinished, unfinishedRuns, type Unfinished } from "./unfinished.ts";

export interface RecoverFlags {
  readonly policy?: WantedPolicy;
  readonly debtsOnly?: boolean;
  readonly repository?: string;
  readonly timeout?: string;
  readonly yes?: boolean;
}

/**
 * Recovers one run, or all whose process is gone, oldest first: pays the debts of all of them, then brings each to its
 * end. Gives the exit code.
 */
export const recoverRuns = async (
  wanted: string | undefined,
  flags: RecoverFlags,
  invocation: Invocation,
): Promise<number> => {
  const { repository, timeout } = flags;
  const given = {
    ...(repository === undefined ? {} : { repository }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
  };
  const settings = await settingsOf(invocation, given);
  const store = await openStateStoreIfAny(settings.stateDir);
  if (store === undefined && wanted !== undefined) throw noRuns();
  if (store === undefined) return await tellRecovery([], undefined, invocation);
  const stops = listenForStops();
  try {
    return await closing(store, async () => {
      const request = {
        runs: await chosen(store, wanted),
        named: wanted !== undefined,
        policy: policyOf(flags, invocation),
        debtsOnly: flags.debtsOnly === true,
      };
      const recovered = await recoverAll(request, { store, settings, invocation, stops });
      return await tellRecovery(recovered, store, invocation);
    });
  } finally {
    stops.close();
  }
};

const chosen = async (store: StateStore, wanted: string | undefined): Promise<readonly Unfinished[]> => {
  if (wanted === undefined) return await unfinishedRuns(store, Date.now());
  const record = await findRun(store, wanted);
  return await unfinished(store, record, Date.now());
};

/** The run was confirmed when it began: where nobody can be asked it goes on. */
const policyOf = ({ policy, yes }: RecoverFlags, { interactive }: Invocation): WantedPolicy => {
  if (policy !== undefined && !(policy === "ask" && yes === true)) return policy;
  return yes === true || !interactive ? "continue" : "ask";
};
