import {
  asId,
  createFleet,
  createGate,
  memoryStore,
  type Call,
  type Deployment,
  type DeploymentId,
  type Instance,
  type InstanceId,
  type ProviderName,
  type RuntimeParts,
  type Site,
  type Store,
} from "@quiesce/core";
import {
  Life,
  memoryRepository,
  mortalParts,
  ToyCloud,
  toyPlugin,
  VirtualClock,
  type LifeOptions,
  type MemoryRepository,
} from "../../src/index.ts";
import { settleMs, type CaseVm, type CrashCase } from "./crash-case.ts";
import { ToyServices } from "./toy-services.ts";
import { Witness } from "./witness.ts";

const provider = asId<ProviderName>("toy");
const deploymentId = asId<DeploymentId>("shop");

/** All that outlives a process. */
export interface CrashWorld {
  readonly clock: VirtualClock;
  readonly cloud: ToyCloud;
  readonly services: ToyServices;
  readonly store: Store;
  readonly repository: MemoryRepository;
  readonly deployment: Deployment;
  readonly witness: Witness;
}

/** A process in it, until it ends or dies. */
export interface Process {
  readonly life: Life;
  readonly worker: string;
  readonly parts: RuntimeParts;
}

export const crashWorld = ({ vms, delayMs }: CrashCase): CrashWorld => {
  const clock = new VirtualClock();
  const cloud = new ToyCloud(clock);
  for (const { name, volumes, power } of vms) {
    const vm = cloud.addVm(name, volumes === 0 ? [] : [`${name}-data`]);
    cloud.write(vm.id, `${name} before everything`);
    vm.power = power;
  }
  cloud.delayMs = delayMs;
  const services = new ToyServices();
  return {
    clock,
    cloud,
    services,
    store: memoryStore({ clock, id: "ours" }),
    repository: memoryRepository({ clock }),
    deployment: deploymentOf(vms),
    witness: new Witness(cloud, services),
  };
};

const deploymentOf = (vms: readonly CaseVm[]): Deployment => ({
  id: deploymentId,
  providers: { [provider]: { plugin: "toy", site: asId<Site>("here"), config: {} } },
  instances: Object.fromEntries(vms.flatMap((vm, at) => instancesOf(vm, vms[at - 1])).map((one) => [one.id, one])),
});

const instancesOf = ({ name, depends, service }: CaseVm, before: CaseVm | undefined): readonly Instance[] => {
  const common = { properties: {}, skip: [] };
  const machine: Instance = {
    ...common,
    id: asId<InstanceId>(name),
    kind: "vm",
    provider,
    providerId: `vm-${name}`,
    relations: depends && before !== undefined ? [{ type: "depends_on", to: asId<InstanceId>(before.name) }] : [],
    bound: {},
  };
  const inside: Instance = {
    ...common,
    id: asId<InstanceId>(`${name}-db`),
    kind: "other",
    relations: [{ type: "contained_in", to: machine.id }],
    bound: { freeze: [callOf("freeze")], thaw: [callOf("thaw")] },
  };
  return service ? [machine, inside] : [machine];
};

const callOf = (name: string): Call => ({ runner: "toy", name, with: {} });

/** Starts a process; the one before it must have ended or died. */
export const startProcess = (world: CrashWorld, worker: string, options: Omit<LifeOptions, "clock"> = {}): Process => {
  const { clock, cloud, services, store, repository, deployment } = world;
  const life = new Life({ ...options, clock });
  cloud.carrier = ({ name, target, mutates }, signal, deliver) =>
    mutates
      ? life.carry(`${name} ${target}`, (lost) => deliver(AbortSignal.any([signal, lost])))
      : life.call(undefined, () => deliver(signal));
  const plugin = toyPlugin(cloud, { settleMs });
  const fleet = createFleet({
    deployment,
    plugin: async () => plugin,
    runner: async () => services.runner(life),
    resolve: async (_, config) => config,
    signal: new AbortController().signal,
  });
  const gate = createGate(() => 3);
  const parts = { store, fleet, gate, clock, repository, random: () => 0.5, worker };
  return { life, worker, parts: mortalParts(parts, life) };
};
