import {
  asId,
  createFleet,
  createGate,
  defaultOptions,
  makePlan,
  memoryStore,
  recoverRun,
  startRun,
  surveyDeployment,
  type Connection,
  type Deployment,
  type DeploymentId,
  type Event,
  type Fleet,
  type Instance,
  type InstanceId,
  type Manifest,
  type Plan,
  type PlanOptions,
  type RecoverPolicy,
  type RunHandle,
  type RunId,
  type RunSummary,
  type RuntimeParts,
  type Site,
  type Store,
  type Workflow,
} from "@quiesce/core";
import { memoryRepository, ToyCloud, toyPlugin, VirtualClock, type MemoryRepository } from "../src/index.ts";
import { provider } from "./engine-world.ts";

/** The product from a workflow to its result, on a toy cloud and a clock that the test owns. */
export interface PlannedWorld {
  readonly clock: VirtualClock;
  readonly cloud: ToyCloud;
  readonly store: Store;
  readonly repository: MemoryRepository;
  readonly deployment: Deployment;
  readonly parts: RuntimeParts;
  readonly events: Event[];
  plan(workflow: Workflow, options?: Partial<PlanOptions>): Promise<Plan>;
  /** Another store is one that dies with its process, or that a test watches. */
  start(plan: Plan, store?: Store): Promise<RunHandle>;
  /** What another process does with a run whose own is gone; lets time pass to the end. */
  recover(run: RunId, policy: RecoverPolicy): Promise<RunSummary>;
  /** Plans, starts and lets time pass to the end. */
  run(workflow: Workflow, options?: Partial<PlanOptions>): Promise<RunSummary>;
  set(name?: string): Promise<Manifest>;
}

const instanceOf = (id: string): Instance => ({
  id: asId<InstanceId>(id),
  kind: "vm",
  provider,
  providerId: `vm-${id}`,
  properties: {},
  relations: [],
  bound: {},
  skip: [],
});

const deploymentOf = (vms: readonly string[]): Deployment => ({
  id: asId<DeploymentId>("shop"),
  providers: { [provider]: { plugin: "toy", site: asId<Site>("here"), config: {} } },
  instances: Object.fromEntries(vms.map((vm) => [vm, instanceOf(vm)])),
});

/** `through`: what a test puts between the product and the cloud. */
export const plannedWorld = (
  vms: readonly string[],
  through: (connection: Connection) => Connection = (connection) => connection,
): PlannedWorld => {
  const clock = new VirtualClock();
  const cloud = new ToyCloud(clock);
  for (const vm of vms) cloud.addVm(vm);
  const plugin = toyPlugin(cloud);
  const deployment = deploymentOf(vms);
  const [store, repository] = [memoryStore({ clock }), memoryRepository({ clock })];
  const signal = new AbortController().signal;
  const direct = createFleet({
    deployment,
    plugin: async () => plugin,
    runner: () => Promise.reject(new Error("no runner here")),
    resolve: async (_, config) => config,
    signal,
  });
  const fleet: Fleet = { ...direct, connection: async (...asked) => through(await direct.connection(...asked)) };
  const parts = { store, fleet, repository, clock, gate: createGate(() => 8), random: () => 0.5, worker: "test" };
  const events: Event[] = [];
  const onEvent = (event: Event): void => void events.push(event);
  let runs = 0;
  const world: PlannedWorld = {
    clock,
    cloud,
    store,
    repository,
    deployment,
    parts,
    events,
    plan: async (workflow, options = {}) => {
      const facts = await surveyDeployment(
        deployment,
        "all",
        { fleet, store, pluginOf: () => plugin, runners: [] },
        signal,
      );
      const { id, location } = repository;
      const sets = await store.catalogue.list({});
      const wanted = { ...defaultOptions, name: "nightly", ...options };
      const from = sets.find(({ name }) => name === wanted.name);
      const reads = workflow === "restore" || workflow === "remove_backup";
      const known = { ...facts, sets, repository: { id, location } };
      const made = makePlan(workflow, deployment, known, {
        ...wanted,
        ...(reads && from !== undefined ? { from } : {}),
      });
      if (!made.ok) throw new Error(made.problems.map(({ message }) => message).join("\n"));
      return made.value;
    },
    start: async (plan, used = store) => {
      runs += 1;
      return await startRun({ run: asId<RunId>(`r${runs}`), plan, deployment, onEvent }, { ...parts, store: used });
    },
    recover: async (run, policy) => {
      const { result } = await recoverRun(
        { run, policy, gone: parts.worker, onEvent },
        { ...parts, worker: "another" },
      );
      return await clock.until(result);
    },
    run: async (workflow, options) => {
      const { result } = await world.start(await world.plan(workflow, options));
      return await clock.until(result);
    },
    set: async (name = "nightly") => {
      const found = (await store.catalogue.list({})).find((set) => set.name === name);
      if (found === undefined) throw new Error(`There is no set ${name}.`);
      return found;
    },
  };
  return world;
};
