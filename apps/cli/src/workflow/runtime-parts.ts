import { randomInt } from "node:crypto";
import { createGate, systemClock, type Account, type Fleet, type Repository, type RuntimeParts } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { thisWorker } from "../worker/this-worker.ts";
import { workerText } from "../worker/worker-text.ts";

export interface RunTools {
  readonly store: StateStore;
  readonly fleet: Fleet;
  readonly repository: Repository | undefined;
  /** Calls in flight at once, by account; 8 where none is given. */
  readonly limits: Readonly<Record<Account, number>>;
}

const defaultLimit = 8;

/** What the engine needs of this process and this machine. */
export const runtimeParts = ({ store, fleet, repository, limits }: RunTools): RuntimeParts => ({
  store,
  fleet,
  ...(repository === undefined ? {} : { repository }),
  clock: systemClock,
  gate: createGate((account) => limits[account] ?? defaultLimit),
  random: () => randomInt(2 ** 32) / 2 ** 32,
  worker: workerText(thisWorker()),
});
