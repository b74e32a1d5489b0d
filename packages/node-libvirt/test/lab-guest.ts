import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LibvirtLab } from "../../../labs/libvirt/lab.ts";

const run = promisify(execFile);
const targets = ["vda", "vdb"];

const folderOf = ({ workDir }: LibvirtLab, name: string): string => join(workDir, name);

/** XML of the lab's guest with fresh disks, each with a file system that is mounted at its name, and a guest agent. */
export const labGuest = async (lab: LibvirtLab, name: string): Promise<string> => {
  const folder = folderOf(lab, name);
  await mkdir(folder);
  // The daemon may run as another user.
  await chmod(folder, 0o777);
  for (const target of targets) {
    const disk = join(folder, `${target}.qcow2`);
    await copyFile(join(lab.guestDir, `${target}.qcow2`), disk);
    await chmod(disk, 0o666);
  }
  const disks = targets.map(
    (target) =>
      `<disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='unsafe'/>
        <source file='${folder}/${target}.qcow2'/><target dev='${target}' bus='virtio'/></disk>`,
  );
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>128</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='pc'>hvm</type><kernel>${lab.guestDir}/vmlinuz</kernel>
      <initrd>${lab.guestDir}/initrd</initrd>
      <cmdline>console=ttyS0 quiet rdinit=/init mitigations=off cryptomgr.notests acpi=noirq init_on_free=1</cmdline></os>
    <features><acpi/></features><cpu mode='custom'><model>qemu64</model></cpu><on_crash>destroy</on_crash>
    <pm><suspend-to-mem enabled='yes'/></pm>
    <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>${disks.join("")}
      <controller type='usb' model='none'/><memballoon model='none'/>
      <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel></devices></domain>`;
};

/** A backup job, begun by another client: libvirt's own command line. */
export const beginBackupByVirsh = async (lab: LibvirtLab, name: string, mode: "push" | "pull"): Promise<void> => {
  const folder = folderOf(lab, name);
  const role = mode === "push" ? "target" : "scratch";
  const disks = targets.map(
    (target) =>
      `<disk name='${target}' type='file'><${role} file='${folder}/${target}.${mode}.qcow2'/><driver type='qcow2'/></disk>`,
  );
  const server = mode === "push" ? "" : `<server transport='unix' socket='${folder}/nbd'/>`;
  const file = join(folder, `${mode}.xml`);
  await writeFile(file, `<domainbackup mode='${mode}'>${server}<disks>${disks.join("")}</disks></domainbackup>`);
  await run("virsh", ["-c", lab.uri, "backup-begin", name, file]);
};

/** A folder for a pool, which the daemon makes. */
export const labPoolFolder = (lab: LibvirtLab, name: string): string => join(folderOf(lab, name), "pool");

/** Ends what a failed test may have left, and removes its files. */
export const removeLabGuest = async (lab: LibvirtLab, name: string): Promise<void> => {
  const virsh = (...args: string[]) => run("virsh", ["-c", lab.uri, ...args]).catch(() => {});
  await virsh("destroy", name);
  await virsh("undefine", name, "--managed-save", "--snapshots-metadata", "--checkpoints-metadata");
  await virsh("net-undefine", name);
  await virsh("pool-destroy", name);
  await virsh("pool-undefine", name);
  await rm(folderOf(lab, name), { recursive: true, force: true });
};
