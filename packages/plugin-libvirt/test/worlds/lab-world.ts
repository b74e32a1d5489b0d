import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Scene, SceneVm, Truth, World } from "@quiesce/testkit";
import { defineNetwork, Guest, virsh, type LabNetwork, type LibvirtLab } from "../../../../labs/libvirt/lab.ts";
import { libvirt } from "../../src/index.ts";

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
    return await sceneOf(lab, guests, networks);
  },
  close: async () => {},
});

const sceneOf = async (lab: LibvirtLab, guests: readonly Guest[], networks: readonly LabNetwork[]): Promise<Scene> => ({
  vms: guests.map(({ uuid, name, ...guest }) => ({ providerId: uuid, name, volumes: volumesOf(guest.folder) })),
  networks: await Promise.all(
    networks.map(async ({ name }) => ({ name, providerId: (await virsh(lab, "net-uuid", name)).trim() })),
  ),
  truth: truthOf(lab, (vm) => {
    const found = guests.find(({ uuid }) => uuid === vm.providerId);
    if (found === undefined) throw new Error(`The scene has no machine ${vm.name}.`);
    return found;
  }),
  clean: async () => {
    for (const one of [...guests, ...networks]) await one[Symbol.asyncDispose]();
  },
});

const volumesOf = (folder: string): readonly string[] => ["vda", "vdb"].map((disk) => join(folder, `${disk}.qcow2`));

const truthOf = (lab: LibvirtLab, guestOf: (vm: SceneVm) => Guest): Truth => ({
  power: async (vm) => {
    const state = await guestOf(vm).state();
    if (state === "running") return "running";
    return state === "shut off" ? "off" : "resting";
  },
  turnOff: async (vm) => void (await guestOf(vm).virsh("destroy")),
  isFrozen: async (vm) => (await guestOf(vm).fsfreezeStatus()) === "frozen",
  write: async (vm, text) =>
    void (await guestOf(vm).exec(`echo '${text}' >/vda/proof && echo '${text}' >/vdb/proof && sync`)),
  contents: async (vm) => await guestOf(vm).exec("cat /vda/blob.bin /vda/proof /vdb/proof 2>/dev/null | sha256sum"),
  artefacts: async (vm) => await guestOf(vm).snapshots(),
  removeArtefact: async (vm, name) => void (await guestOf(vm).virsh("snapshot-delete", name)),
  addForeign: async (vm, name) => {
    await guestOf(vm).virsh("snapshot-create-as", "--name", name, "--description", "made by another tool");
    return name;
  },
  changeNetwork: async ({ name }) => {
    const xml = await virsh(lab, "net-dumpxml", "--inactive", name);
    const file = join(lab.workDir, `${name}-changed.xml`);
    await writeFile(file, xml.replace("</network>", "<domain name='changed.example'/></network>"));
    await virsh(lab, "net-define", file);
  },
  networkDefinition: async ({ name }) => await virsh(lab, "net-dumpxml", "--inactive", name),
});
