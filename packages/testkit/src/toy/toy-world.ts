import { createHash } from "node:crypto";
import { systemClock, type Clock } from "@quiesce/core";
import type { Scene, SceneVm, Truth, World } from "../world/world.ts";
import { ToyCloud } from "./toy-cloud.ts";
import { toyPlugin } from "./toy-plugin.ts";

const mutating = /^(power|freeze|thaw|snapshot|revert|remove) /;

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
      },
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
    contents: async (vm) => createHash("sha256").update(vmOf(vm).content).digest("hex"),
    artefacts: async (vm) => [...cloud.snapshots.values()].filter((s) => s.vm === vm.providerId).map(({ id }) => id),
    removeArtefact: async (_, artefact) => void cloud.snapshots.delete(artefact),
    addForeign: async (vm, name) => {
      const id = `foreign-${cloud.snapshots.size + 1}`;
      cloud.snapshots.set(id, { id, name, tag: "somebody else", vm: vm.providerId, content: "theirs", frozen: false });
      return id;
    },
    mutations: async () => cloud.calls.filter((call) => mutating.test(call)).length,
  };
};
