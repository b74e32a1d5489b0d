import {
  asId,
  type Account,
  type Digest,
  type InstanceId,
  type Restriction,
  type Surveyed,
  type Target,
} from "@quiesce/core";
import type { ToyCloud } from "./toy-cloud.ts";
import type { ToyVm } from "./toy-vm.ts";

export const surveyOf = (api: ToyCloud, { instance, providerId, kind }: Target): Surveyed => {
  const common = {
    instance,
    account: asId<Account>("toy"),
    lowered: [],
    recipes: {},
    notes: [],
    disks: [],
    attachedTo: [],
  };
  if (kind === "volume") {
    const holders = [...api.vms.values()].filter(({ volumes }) => volumes.includes(providerId));
    return {
      ...common,
      providerId,
      name: providerId,
      state: "in use",
      fingerprint: asId<Digest>(providerId),
      attachedTo: holders.map(({ id }) => id),
    };
  }
  if (kind === "network")
    return { ...common, providerId, name: providerId, state: "there", fingerprint: asId<Digest>(providerId) };
  const [vm, other] = [...api.vms.values()].filter(({ id, name }) => id === providerId || name === providerId);
  if (vm === undefined)
    return { instance, is: "missing", reason: `The toy cloud has no machine ${providerId}.`, ids: [] };
  if (other !== undefined) return { instance, is: "ambiguous", reason: "Two machines match.", ids: [vm.id, other.id] };
  return { ...common, ...surveyOfVm(api, vm, instance) };
};

/** Nothing writes in a guest that does not run. */
const resting = (instance: InstanceId): Restriction => ({
  cell: { kind: "vm", operation: "freeze" },
  instance,
  mode: "not-applicable",
  reason: "its guest does not run",
});

const surveyOfVm = (api: ToyCloud, vm: ToyVm, instance: InstanceId) => {
  const captured = { by: "vm" } as const;
  const points = [...api.backups.points.values()].filter((point) => point.vm === vm.id);
  return {
    providerId: vm.id,
    name: vm.name,
    state: vm.power,
    lowered: vm.power === "running" ? [] : [resting(instance)],
    ...(vm.maxFreezeMs === undefined ? {} : { maxFreezeMs: vm.maxFreezeMs }),
    fingerprint: asId<Digest>(`${vm.id} ${vm.power}`),
    disks: [...vm.disks].map(([name, { bytes }]) => ({
      name,
      ...(vm.volumes.includes(name) ? { volume: name } : {}),
      bytes: bytes.length,
      captured: { "snapshot.create": captured, "backup.create": captured },
    })),
    bases: points.map(({ id }) => id).reverse(),
    recovery: { "backup.restore": { is: "old-disks", detail: "they stay beside the new ones" } as const },
  };
};
