import type { Account, Fleet, Repository, RuntimeParts } from "@quiesce/core";
import { stepsOf } from "@quiesce/core";
import { connectedLater } from "../compose/connect.ts";
import { maskingStore } from "../compose/masking-store.ts";
import type { StateStore } from "../compose/state-store.ts";
import type { Settings } from "../config/settings.ts";
import type { Invocation } from "../invocation/invocation.ts";
import type { Stops } from "../signals/listen-for-stops.ts";
import { runtimeParts } from "../workflow/runtime-parts.ts";
import type { Unfinished } from "./unfinished.ts";

/** What work on runs of dead processes needs of the command. */
export interface RecoveryTools {
  readonly store: StateStore;
  readonly settings: Settings;
  readonly invocation: Invocation;
  readonly stops: Stops;
}

/** Debts are paid whatever the user presses. */
const never = new AbortController().signal;

/** Hands the engine's parts for a run to `use`: its own providers, as they were when it began. */
export const withPartsOf = async <T>(
  run: Unfinished,
  repository: Repository | undefined,
  { store, invocation }: RecoveryTools,
  use: (parts: RuntimeParts) => Promise<T>,
): Promise<T> =>
  await connectedLater(run.deployment, invocation, never, (fleet: Fleet) =>
    use(
      runtimeParts({
        store: maskingStore(store, (text) => invocation.output.masked(text)),
        fleet,
        repository,
        limits: limitsOf(run),
      }),
    ),
  );

/** The worker that is known to be gone, for the store. */
export const goneOf = ({ life }: Unfinished): { readonly gone?: string } =>
  life.is === "gone" && life.worker !== undefined ? { gone: life.worker } : {};

const limitsOf = ({ index, deployment }: Unfinished): Readonly<Record<Account, number>> => {
  const limits: Record<Account, number> = {};
  for (const { account, provider } of stepsOf(index.plan)) {
    const parallel = provider === undefined ? undefined : deployment.providers[provider]?.parallel;
    if (parallel !== undefined) limits[account] = parallel;
  }
  return limits;
};
