import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type Hypervisor } from "@quiesce/sim-libvirt";
import type { Scene, SceneVm, Truth, World } from "@quiesce/testkit";
import { libvirt } from "../../src/index.ts";
import { foreignTool, type ForeignTool } from "./foreign-tool.ts";
import { simFaults } from "./sim-faults.ts";

/** The password of every machine's screen: the one secret that libvirt itself keeps. */
const canary = "canary-screen-password";

/** A simulated host in this process, reached by its socket like any other. */
export const simWorld = async (): Promise<World> => {
  const dir = await mkdtemp(join(tmpdir(), "qs-"));
  const simulator = await startSimulator({ dir, spec: { hosts: [{ name: "h", pools: [{ name: "default" }] }] } });
  const { hypervisor, uri } = simulator.host("h");
  const tool = await foreignTool(uri);
  let serial = 0;
  return {
    name: "sim-libvirt",
    plugin: libvirt,
    config: { uri },
    canaries: [canary],
    faults: simFaults(hypervisor),
    make: async (wanted) => {
      const vms: SceneVm[] = [];
      for (let made = 0; made < wanted.vms; made += 1) {
        const name = `vm${(serial += 1)}`;
        const disks = Array.from({ length: Math.max(1, wanted.volumesPerVm) }, () => ({ bytes: 65_536 }));
        await hypervisor.addDomain({ name, disks });
        const { uuid, disks: real } = hypervisor.truth.domain(name);
        await tool.setScreenPassword(uuid, canary);
        vms.push({ providerId: uuid, name, volumes: real.flatMap(({ path }) => path ?? []) });
      }
      const networks = Array.from({ length: wanted.networks }, () => {
        const name = `net${(serial += 1)}`;
        hypervisor.addNetwork({ name });
        return { providerId: hypervisor.truth.networks().find((network) => network.name === name)?.uuid ?? "", name };
      });
      return sceneOf(hypervisor, tool, vms, networks);
    },
    close: async () => {
      await tool[Symbol.asyncDispose]();
      await simulator.close();
      await rm(dir, { recursive: true });
    },
  };
};

const sceneOf = (host: Hypervisor, tool: ForeignTool, vms: readonly SceneVm[], networks: Scene["networks"]): Scene => ({
  vms,
  networks,
  truth: truthOf(host, tool),
  clean: async () => {},
});

const truthOf = ({ truth, guest }: Hypervisor, tool: ForeignTool): Truth => ({
  power: async ({ name }) => {
    const { state, managedSave } = truth.domain(name);
    if (state === "running") return "running";
    return state === "shutoff" && !managedSave ? "off" : "resting";
  },
  turnOff: async ({ providerId }) => await tool.destroy(providerId),
  isFrozen: async ({ name }) => truth.domain(name).frozen.length > 0,
  write: async ({ name }, text) => await guest(name).write("vda", 0, Buffer.from(text.padEnd(64))),
  contents: async ({ name }) => JSON.stringify(await truth.hashes(name)),
  artefacts: async ({ name }) => truth.domain(name).snapshots.map((snapshot) => snapshot.name),
  removeArtefact: async ({ providerId }, name) => await tool.removeSnapshot(providerId, name),
  addForeign: async ({ providerId }, name) => {
    await tool.snapshot(providerId, name);
    return name;
  },
  changeNetwork: async ({ name }) => await tool.changeNetwork(name),
  networkDefinition: async ({ name }) => truth.networks().find((network) => network.name === name)?.xml ?? "",
  mutations: async () => truth.calls({ mutating: true }).length,
});
