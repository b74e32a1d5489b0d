import {
  asId,
  createFleet,
  createGate,
  defaultOptions,
  makePlan,
  memoryStore,
  planCommit,
  planUndo,
  startRun,
  surveyDeployment,
  type Deployment,
  type Plan,
  type PlanOptions,
  type Result,
  type RunId,
} from "@quiesce/core";
import { expect, test } from "vitest";
import { memoryRepository, ToyCloud, toyPlugin, VirtualClock } from "../src/index.ts";

const only = new AbortController().signal;

/** One machine, one backup of it, and restores by the engine. */
const scene = () => {
  const clock = new VirtualClock();
  const cloud = new ToyCloud(clock);
  const store = memoryStore();
  const repository = memoryRepository();
  cloud.addVm("db", ["data"]);
  const deployment = {
    id: asId("shop"),
    providers: { toy: { plugin: "toy", site: asId("here"), config: {} } },
    instances: {
      db: {
        id: "db",
        kind: "vm",
        provider: "toy",
        providerId: "vm-db",
        properties: {},
        relations: [],
        bound: {},
        skip: [],
      },
    },
  } as unknown as Deployment;
  const plugin = toyPlugin(cloud);
  const fleet = createFleet({
    deployment,
    plugin: async () => plugin,
    runner: () => Promise.reject(new Error("no runner")),
    resolve: async (_, config) => config,
    signal: only,
  });
  const facts = async () => ({
    ...(await surveyDeployment(deployment, "all", { fleet, store, pluginOf: () => plugin, runners: [] }, only)),
    sets: await store.catalogue.list({ deployment: deployment.id }),
    repository: { id: repository.id, location: repository.location },
  });
  const options = async (wanted: Partial<PlanOptions> = {}): Promise<PlanOptions> => {
    const [from] = await store.catalogue.find(deployment.id, "set");
    return { ...defaultOptions, name: "set", ...(from === undefined ? {} : { from }), ...wanted };
  };
  const run = async (planned: Result<Plan>) => {
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    const id = asId<RunId>(crypto.randomUUID());
    const handle = await startRun(
      { run: id, plan: planned.value, deployment, onEvent: () => {} },
      { store, fleet, gate: createGate(() => 8), clock, random: Math.random, worker: "test", repository },
    );
    const summary = await clock.until(handle.result);
    expect(summary.status).toBe("succeeded");
    return id;
  };
  return {
    cloud,
    store,
    backup: async () => await run(makePlan("backup", deployment, await facts(), { ...(await options()), name: "set" })),
    restore: async (wanted: Partial<PlanOptions> = {}) =>
      await run(makePlan("restore", deployment, await facts(), await options(wanted))),
    undo: async (of?: RunId) =>
      planUndo(
        { records: await store.recoveries({}), ...(of && { run: of }) },
        deployment,
        await facts(),
        await options(),
      ),
    commit: async () => planCommit({ records: await store.recoveries({}) }, deployment, await facts(), await options()),
    run,
  };
};

test("each restore can be taken back, the newest first; the store knows which", async () => {
  const shop = scene();
  await shop.backup();
  shop.cloud.write("vm-db", "between");
  const disks = () =>
    [...(shop.cloud.vms.get("vm-db")?.disks ?? [])].map(([name, { id, bytes }]) => [
      name,
      id,
      Buffer.from(bytes).toString("hex"),
    ]);
  const was = disks();
  const first = await shop.restore();
  const second = await shop.restore();
  expect((await shop.store.recoveries({})).map(({ run }) => run)).toEqual([second, first]);
  expect((await shop.undo(first)).ok).toBe(false);
  await shop.run(await shop.undo());
  expect((await shop.store.recoveries({})).map(({ run }) => run)).toEqual([first]);
  await shop.run(await shop.undo());
  expect(await shop.store.recoveries({})).toEqual([]);
  expect(disks()).toEqual(was);
  expect((await shop.undo()).ok).toBe(false);
});

test("what is committed cannot be taken back, and its old disks are gone with those of the restores before it", async () => {
  const shop = scene();
  await shop.backup();
  const kept = new Set(shop.cloud.disks.all.keys());
  await shop.restore();
  await shop.restore();
  await shop.run(await shop.commit());
  expect(await shop.store.recoveries({})).toEqual([]);
  expect([...shop.cloud.disks.all.keys()].filter((id) => kept.has(id))).toEqual([]);
  expect([...shop.cloud.disks.all.values()]).toHaveLength(shop.cloud.vms.get("vm-db")?.disks.size ?? 0);
});

test("a machine that was made anew, or beside its original, is removed by an undo", async () => {
  const shop = scene();
  await shop.backup();
  await shop.restore({ as: { name: "twin", connect: false } });
  expect([...shop.cloud.vms.keys()]).toEqual(["vm-db", "vm-twin"]);
  await shop.run(await shop.undo());
  expect([...shop.cloud.vms.keys()]).toEqual(["vm-db"]);
  shop.cloud.destroy("vm-db");
  await shop.restore();
  await shop.run(await shop.undo());
  expect([...shop.cloud.vms.keys()]).toEqual([]);
  expect(shop.cloud.disks.all.size).toBe(0);
});
