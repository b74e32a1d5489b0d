import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type Hypervisor } from "@quiesce/sim-libvirt";
import type { Scene, SceneVm, World } from "@quiesce/testkit";
import { libvirt } from "../../src/index.ts";
import { foreignTool, type ForeignTool } from "./foreign-tool.ts";
import { simTruth } from "./sim-truth.ts";
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
        const disks = Array.from({ length: Math.max(1, wanted.volumesPerVm) }, () => ({
          bytes: 65_536,
          content: name,
        }));
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
  truth: simTruth(host, tool),
  clean: async () => {},
});
