import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { SceneVm, Truth } from "@quiesce/testkit";
import { virsh, type Guest, type LibvirtLab } from "../../../../labs/libvirt/lab.ts";
import { until } from "../../../../labs/libvirt/until.ts";

const run = promisify(execFile);

/** What is true of the lab's host, told by virsh, the guest agent and qemu-img. */
export const labTruth = (lab: LibvirtLab, guestOf: (vm: SceneVm) => Guest): Truth => ({
  power: async (vm) => {
    const state = await guestOf(vm).state();
    if (state === "running") return "running";
    return state === "shut off" ? "off" : "resting";
  },
  turnOff: async (vm) => void (await guestOf(vm).virsh("destroy")),
  isFrozen: async (vm) =>
    (await guestOf(vm).state()) === "running" && (await guestOf(vm).fsfreezeStatus()) === "frozen",
  write: async (vm, text) =>
    void (await guestOf(vm).exec(`echo '${text}' >/vda/proof && echo '${text}' >/vdb/proof && sync`)),
  contents: async (vm) => {
    // A machine that was restored boots first.
    await guestOf(vm).ready();
    return await guestOf(vm).exec("cat /vda/blob.bin /vda/proof /vdb/proof 2>/dev/null | sha256sum");
  },
  artefacts: async (vm) => [...(await guestOf(vm).snapshots()), ...(await checkpointsOf(guestOf(vm)))],
  removeArtefact: async (vm, name) => {
    const guest = guestOf(vm);
    const kind = (await checkpointsOf(guest)).includes(name) ? "checkpoint-delete" : "snapshot-delete";
    await guest.virsh(kind, name);
  },
  addForeign: async (vm, name) => {
    await guestOf(vm).virsh("snapshot-create-as", "--name", name, "--description", "made by another tool");
    return name;
  },
  pause: async (vm) => void (await guestOf(vm).virsh("suspend")),
  held: async (vm) => await heldOf(lab, guestOf(vm)),
  addForeignPoint: async (vm, name) => {
    await guestOf(vm).virsh("checkpoint-create-as", "--name", name, "--description", "made by another tool");
    return name;
  },
  loseTracking: async (vm) => await loseTracking(guestOf(vm)),
  crash: async (vm) => {
    const guest = guestOf(vm);
    // The daemon of a session keeps the number of a guest's QEMU here.
    process.kill(Number(await readFile(join(dirname(lab.socket), "qemu/run", `${guest.name}.pid`), "utf8")), "SIGKILL");
    await until(`${guest.name} is off`, async () => (await guest.state()) === "shut off");
  },
  destroy: async (vm) => {
    const guest = guestOf(vm);
    const disks = linesOf(await guest.virsh("domblklist", "--details")).flatMap((line) => line.split(/ +/)[3] ?? []);
    await guest.virsh("destroy");
    await guest.virsh("undefine", "--snapshots-metadata", "--checkpoints-metadata");
    for (const path of disks) await virsh(lab, "vol-delete", path);
  },
  changeNetwork: async ({ name }) => {
    const xml = await virsh(lab, "net-dumpxml", "--inactive", name);
    const file = join(lab.workDir, `${name}-changed.xml`);
    await writeFile(file, xml.replace("</network>", "<domain name='changed.example'/></network>"));
    await virsh(lab, "net-define", file);
  },
  networkDefinition: async ({ name }) => await virsh(lab, "net-dumpxml", "--inactive", name),
});

const linesOf = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("-"));

const checkpointsOf = async (guest: Guest): Promise<readonly string[]> =>
  linesOf(await guest.virsh("checkpoint-list", "--name"));

/** A backup job, and scratch files in the machine's folder: of a prepared backup the files alone. */
const heldOf = async (lab: LibvirtLab, guest: Guest): Promise<readonly string[]> => {
  const runs = (await guest.state()) !== "shut off";
  const job = runs && (await guest.virsh("domjobinfo")).includes("Backup") ? ["a backup job"] : [];
  const listed = await virsh(lab, "pool-list", "--name");
  const scratch: string[] = [];
  for (const pool of linesOf(listed))
    if ((await virsh(lab, "pool-dumpxml", pool)).includes(`<path>${guest.folder}</path>`))
      scratch.push(...linesOf(await virsh(lab, "vol-list", pool)).filter((line) => line.includes(".scratch")));
  return [...job, ...scratch];
};

/** The newest bitmap of one disk goes while the machine is off. It does not boot for that: it goes on from its memory. */
const loseTracking = async (guest: Guest): Promise<string> => {
  const [newest = ""] = (await checkpointsOf(guest)).slice(-1);
  await guest.virsh("managedsave");
  await run("qemu-img", ["bitmap", "--remove", guest.diskPath("vda"), newest]);
  await guest.virsh("start");
  await guest.ready();
  return "vda";
};
