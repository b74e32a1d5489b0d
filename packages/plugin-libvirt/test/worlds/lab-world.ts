import { join } from "node:path";
import type { Scene, World } from "@quiesce/testkit";
import {
  defineNetwork,
  definePool,
  Guest,
  virsh,
  type LabNetwork,
  type LabPool,
  type LibvirtLab,
} from "../../../../labs/libvirt/lab.ts";
import { libvirt } from "../../src/index.ts";
import { labTruth } from "./lab-truth.ts";

/** Real QEMU machines under a real libvirtd, judged by virsh and the guest agent. */
export const labWorld = (lab: LibvirtLab): World => ({
  name: "libvirt lab",
  plugin: libvirt,
  config: { uri: lab.uri },
  canaries: [],
  make: async (wanted) => {
    const disks = wanted.volumesPerVm === 1 ? {} : { disks: 2 as const };
    const guests = await Promise.all(Array.from({ length: wanted.vms }, () => Guest.start(lab, "conf", disks)));
    const networks = await Promise.all(Array.from({ length: wanted.networks }, () => defineNetwork(lab, "conf")));
    // Bytes of a restore go into pools only.
    const pools = await Promise.all(guests.map(({ folder }) => definePool(lab, "conf", folder)));
    return await sceneOf(lab, { guests, networks, pools });
  },
  close: async () => {},
});

interface Made {
  readonly guests: readonly Guest[];
  readonly networks: readonly LabNetwork[];
  readonly pools: readonly LabPool[];
}

const sceneOf = async (lab: LibvirtLab, { guests, networks, pools }: Made): Promise<Scene> => ({
  vms: guests.map(({ uuid, name, ...guest }) => ({ providerId: uuid, name, volumes: volumesOf(guest.folder) })),
  networks: await Promise.all(
    networks.map(async ({ name }) => ({ name, providerId: (await virsh(lab, "net-uuid", name)).trim() })),
  ),
  truth: labTruth(lab, (vm) => {
    const found = guests.find(({ uuid }) => uuid === vm.providerId);
    if (found === undefined) throw new Error(`The scene has no machine ${vm.name}.`);
    return found;
  }),
  clean: async () => {
    for (const one of [...pools, ...guests, ...networks]) await one[Symbol.asyncDispose]();
  },
});

const volumesOf = (folder: string): readonly string[] => ["vda", "vdb"].map((disk) => join(folder, `${disk}.qcow2`));
