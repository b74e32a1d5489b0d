import {
  asId,
  createFleet,
  createGate,
  memoryStore,
  startRun,
  type Account,
  type Chain,
  type DebtKey,
  type Deployment,
  type DeploymentId,
  type Digest,
  type Event,
  type InstanceId,
  type Plan,
  type PlannedTarget,
  type ProviderName,
  type RunHandle,
  type RunId,
  type Site,
  type Step,
  type StepKey,
  type Store,
  type UnitId,
} from "@quiesce/core";
import { memoryRepository, ToyCloud, toyPlugin, VirtualClock, type MemoryRepository } from "../src/index.ts";

export const provider = asId<ProviderName>("toy");
const deploymentId = asId<DeploymentId>("shop");

/** Plans are written by hand here, so that the engine is tested apart from the planner. */
export const planOf = (
  scope: Plan["scope"],
  vms: readonly string[],
  quiesce: "run" | "unit" | "note" = "run",
  redo = 0,
): Plan => {
  const chain = (vm: string, links: readonly (readonly [Step, ...Step[]])[]): Chain => ({
    unit: asId<UnitId>(vm),
    site: asId<Site>("here"),
    links,
    redo,
  });
  const stage = (name: string, make: (vm: string) => Step) => ({
    name,
    chains: vms.map((vm) => chain(vm, [[make(vm)]])),
  });
  const freeze = (vm: string) => freezeStep(vm, quiesce);
  return {
    schema: "quiesce.plan/1",
    digest: asId<Digest>("sha256:0"),
    workflow: "backup",
    deployment: deploymentId,
    scope,
    backup: { name: "nightly", kind: "snapshot" },
    parameters: {},
    stages:
      scope === "instance"
        ? [
            {
              name: "units",
              chains: vms.map((vm) => chain(vm, [[freeze(vm)], [capture(vm)], [thaw(vm)], [complete(vm)]])),
            },
          ]
        : [stage("freeze", freeze), stage("capture", capture), stage("thaw", thaw), stage("complete", complete)],
    omitted: [],
    notes: [],
    surveyed: {},
    locks: vms.map((vm) => `toy/vm-${vm}`),
  };
};

export const target = (vm: string): PlannedTarget => ({
  instance: asId<InstanceId>(vm),
  kind: "vm",
  providerId: `vm-${vm}`,
  properties: {},
});

export const base = (vm: string, title: string, timeoutMs: number, attempts: number) => ({
  key: asId<StepKey>(`${title}/${vm}`),
  title: `${title} ${vm}`,
  provider,
  account: asId<Account>("toy"),
  targets: [target(vm)] as const,
  input: {},
  reads: {},
  risk: "safe" as const,
  timeoutMs,
  retry: { attempts, baseMs: 100, capMs: 1000 },
  onFailure: "unit" as const,
  covers: [],
});

export const freezeStep = (vm: string, onFailure: Step["onFailure"]): Step => ({
  ...base(vm, "freeze", 30_000, 1),
  does: "cell",
  operation: "freeze",
  onFailure,
  owes: {
    key: asId<DebtKey>(`frozen/${vm}`),
    harm: "frozen",
    target: target(vm),
    dueInMs: 30_000,
    pay: { provider, account: asId<Account>("toy"), operation: "thaw", input: { setClock: false }, timeoutMs: 10_000 },
  },
});
const capture = (vm: string): Step => ({
  ...base(vm, "snapshot.create", 600_000, 3),
  does: "capture",
  operation: "snapshot.create",
});
export const thaw = (vm: string): Step => ({
  ...base(vm, "thaw", 10_000, 5),
  does: "pay",
  debt: asId<DebtKey>(`frozen/${vm}`),
  operation: "thaw",
});
const complete = (vm: string): Step => ({
  ...base(vm, "complete", 600_000, 3),
  does: "complete",
  of: asId<StepKey>(`snapshot.create/${vm}`),
  operation: "snapshot.create",
});

export interface EngineWorld {
  readonly clock: VirtualClock;
  readonly cloud: ToyCloud;
  readonly store: Store;
  readonly events: Event[];
  readonly repository: MemoryRepository;
  /** Called with each event, recorded and live. */
  onEvent: (event: Event) => void;
  start(plan: Plan, run?: string, more?: { readonly rollback: boolean }): Promise<RunHandle>;
}

export const engineWorld = (vms: readonly string[], store?: Store, clock = new VirtualClock()): EngineWorld => {
  const cloud = new ToyCloud(clock);
  for (const vm of vms) cloud.addVm(vm);
  const deployment: Deployment = {
    id: deploymentId,
    providers: { [provider]: { plugin: "toy", site: asId<Site>("here"), config: {} } },
    instances: {},
  };
  const events: Event[] = [];
  const used = store ?? memoryStore({ clock });
  const fleet = createFleet({
    deployment,
    plugin: async () => toyPlugin(cloud),
    runner: async () => {
      throw new Error("no runner here");
    },
    resolve: async (_, config) => config,
    signal: new AbortController().signal,
  });
  const repository = memoryRepository({ clock });
  const world: EngineWorld = {
    clock,
    cloud,
    store: used,
    events,
    repository,
    onEvent: () => {},
    start: (plan, run = "r1", more = { rollback: false }) => {
      const onEvent = (event: Event): void => {
        events.push(event);
        world.onEvent(event);
      };
      return startRun(
        { run: asId<RunId>(run), plan, deployment, onEvent, ...more },
        { store: used, fleet, repository, gate: createGate(() => 8), clock, random: () => 0.5, worker: "test" },
      );
    },
  };
  return world;
};

export const frozenNow = ({ cloud }: EngineWorld): readonly string[] =>
  [...cloud.vms.values()].filter(({ frozen }) => frozen).map(({ name }) => name);
