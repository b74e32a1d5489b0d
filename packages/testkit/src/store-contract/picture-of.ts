import type { RunState, Store } from "@quiesce/core";

/** All that a store tells of what it holds, as JSON; two stores that mean the same give equal pictures. */
export const pictureOf = async (store: Store) => {
  const runs = await store.runs({});
  const deployments = [...new Set(runs.map(({ deployment }) => deployment))];
  return {
    runs,
    loaded: await Promise.all(runs.map(({ run }) => store.load(run))),
    journals: await Promise.all(runs.map(({ run }) => store.events(run, 0))),
    states: await Promise.all(runs.map(async ({ run }) => plain(await store.state(run)))),
    debts: await store.debts(),
    recoveries: await store.recoveries({}),
    sets: await store.catalogue.list({}),
    suspended: await Promise.all(deployments.map((deployment) => store.suspended(deployment))),
  };
};

const plain = ({ steps, debts, ...rest }: RunState) => ({ ...rest, steps: [...steps], debts: [...debts] });
