import type { FaultInput, Hypervisor } from "@quiesce/sim-libvirt";
import type { SceneVm, Truth } from "@quiesce/testkit";
import type { ForeignTool } from "./foreign-tool.ts";

/** What is true of the simulated host, read past the protocol. */
export const simTruth = (host: Hypervisor, tool: ForeignTool): Truth => ({
  power: async ({ name }) => {
    const { state, managedSave } = host.truth.domain(name);
    if (state === "running") return "running";
    return state === "shutoff" && !managedSave ? "off" : "resting";
  },
  turnOff: async ({ providerId }) => await tool.destroy(providerId),
  isFrozen: async ({ name }) => host.truth.domain(name).frozen.length > 0,
  write: async ({ name }, text) => await host.guest(name).write("vda", 0, Buffer.from(text.padEnd(64))),
  contents: async ({ name }) => JSON.stringify(await host.truth.hashes(name)),
  artefacts: async ({ name }) => artefactsOf(host, name),
  removeArtefact: async ({ providerId, name: machine }, name) =>
    host.truth.domain(machine).checkpoints.includes(name)
      ? await tool.removeCheckpoint(providerId, name)
      : await tool.removeSnapshot(providerId, name),
  addForeign: async ({ providerId }, name) => {
    await tool.snapshot(providerId, name);
    return name;
  },
  pause: async ({ providerId }) => await tool.pause(providerId),
  loseFileSystems: async ({ name }) => host.guest(name).set({ filesystems: [] }),
  held: async ({ name }) => heldOf(host, name),
  addForeignPoint: async ({ providerId }, name) => {
    await tool.checkpoint(providerId, name);
    return name;
  },
  loseTracking: async (vm) => {
    await strike(host, tool, vm, { kind: "lose-bitmap", target: "vda" });
    return "vda";
  },
  crash: async (vm) => await strike(host, tool, vm, { kind: "crash-guest" }),
  destroy: async ({ providerId, volumes }) => await tool.destroyForEver(providerId, volumes),
  machine: async (name) => {
    const found = host.truth.domains().find((domain) => domain.name === name);
    return found && { providerId: found.uuid, name, volumes: found.disks.flatMap(({ path }) => path ?? []) };
  },
  changeNetwork: async ({ name }) => await tool.changeNetwork(name),
  networkDefinition: async ({ name }) => host.truth.networks().find((network) => network.name === name)?.xml ?? "",
  mutations: async () => host.truth.calls({ mutating: true }).length,
});

const artefactsOf = ({ truth }: Hypervisor, name: string): readonly string[] => {
  const { snapshots, checkpoints } = truth.domain(name);
  return [...snapshots.map((snapshot) => snapshot.name), ...checkpoints];
};

/** A backup job and its scratch files, wherever they are: of a prepared backup the files alone. */
const heldOf = ({ truth }: Hypervisor, name: string): readonly string[] => {
  const { backup } = truth.domain(name);
  const scratch = truth.volumes().filter((volume) => volume.name.endsWith(".scratch"));
  return [...(backup === undefined ? [] : ["a backup job"]), ...scratch.map(({ path }) => path)];
};

/** Faults of the simulator come with calls: this one comes with a call of another tool. */
const strike = async (
  { faults }: Hypervisor,
  tool: ForeignTool,
  { name, providerId }: SceneVm,
  does: FaultInput["do"],
): Promise<void> => {
  faults.add({ on: { procedure: "domainGetState", object: name }, do: does });
  await tool.look(providerId);
};
