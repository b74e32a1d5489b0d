import { createHash } from "node:crypto";
import { systemClock, type Clock } from "@quiesce/core";
import type { Scene, SceneVm, Truth, World } from "../world/world.ts";
import { ToyCloud } from "./toy-cloud.ts";
import { toyPlugin } from "./toy-plugin.ts";
import { contentOf } from "./toy-vm.ts";

const looking = /^(get|list|look|find-disk|download|read-job) /;

/** The toy cloud as a world. */
export const toyWorld = (clock: Clock = systemClock): World => {
  const cloud = new ToyCloud(clock);
  let serial = 0;
  return {
    name: "toy",
    plugin: toyPlugin(cloud),
    config: { password: "canary-toy-secret" },
    canaries: ["canary-toy-secret"],
    faults: {
      board: cloud.faults,
      transient: true,
      callOf: {
        suspend: "power",
        resume: "power",
        freeze: "freeze",
        thaw: "thaw",
        "snapshot.create": "snapshot",
        "snapshot.restore": "revert",
        "snapshot.remove": "remove",
        "backup.create": "begin",
        "backup.restore": "define",
        "backup.remove": "drop-point",
      },
      heldBy: { prepare: "make-scratch", release: "end" },
    },
    make: async (wanted) => {
      const vms = Array.from({ length: wanted.vms }, (): SceneVm => {
        const name = `vm${(serial += 1)}`;
        const volumes = Array.from({ length: wanted.volumesPerVm }, (_, index) => `${name}-disk${index}`);
        const { id } = cloud.addVm(name, volumes);
        return { providerId: id, name, volumes };
      });
      const networks = Array.from({ length: wanted.networks }, () => ({
        providerId: `net${(serial += 1)}`,
        name: "net",
      }));
      return sceneOf(cloud, vms, networks);
    },
    close: async () => {},
  };
};

const sceneOf = (cloud: ToyCloud, vms: readonly SceneVm[], networks: Scene["networks"]): Scene => ({
  vms,
  networks,
  truth: truthOf(cloud),
  clean: async () => {
    for (const { providerId } of vms) cloud.vms.delete(providerId);
  },
});

const truthOf = (cloud: ToyCloud): Truth => {
  const vmOf = ({ providerId }: SceneVm) => {
    const vm = cloud.vms.get(providerId);
    if (vm === undefined) throw new Error(`No machine ${providerId}.`);
    return vm;
  };
  return {
    power: async (vm) => {
      const { power } = vmOf(vm);
      return power === "suspended" ? "resting" : power;
    },
    turnOff: async (vm) => {
      vmOf(vm).power = "off";
    },
    isFrozen: async (vm) => vmOf(vm).frozen,
    write: async (vm, text) => cloud.write(vm.providerId, text),
    contents: async (vm) =>
      createHash("sha256")
        .update(contentOf(vmOf(vm)))
        .digest("hex"),
    artefacts: async ({ providerId }) =>
      [...cloud.snapshots.values(), ...cloud.backups.points.values()]
        .filter(({ vm }) => vm === providerId)
        .map(({ id }) => id),
    removeArtefact: async (_, artefact) => {
      cloud.snapshots.delete(artefact);
      cloud.backups.points.delete(artefact);
    },
    addForeign: async (vm, name) => {
      const id = `foreign-${cloud.snapshots.size + 1}`;
      const made = { id, name, tag: "somebody else", vm: vm.providerId, content: new Map(), frozen: false };
      cloud.snapshots.set(id, made);
      return id;
    },
    pause: async (vm) => void (vmOf(vm).power = "suspended"),
    loseFileSystems: async (vm) => void (vmOf(vm).fileSystems = 0),
    listInPages: async (size, ends) =>
      void Object.assign(cloud, { pageSize: size, repeatsPages: ends === "repeating" }),
    held: async ({ providerId }) =>
      [...cloud.backups.jobs.values(), ...cloud.backups.scratch.values()]
        .filter(({ vm }) => vm === providerId)
        .map(({ id }) => id),
    addForeignPoint: async (vm, name) => cloud.backups.addForeign(vmOf(vm), name),
    loseTracking: async (vm) => {
      cloud.backups.forget(vm.providerId, "root");
      return "root";
    },
    crash: async ({ providerId }) => cloud.crash(providerId),
    destroy: async ({ providerId }) => cloud.destroy(providerId),
    machine: async (name) => {
      const vm = [...cloud.vms.values()].find((one) => one.name === name);
      return vm && { providerId: vm.id, name, volumes: vm.volumes };
    },
    mutations: async () => cloud.calls.filter((call) => !looking.test(call)).length,
  };
};
