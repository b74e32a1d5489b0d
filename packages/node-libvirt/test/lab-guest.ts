import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "./lab.ts";

const run = promisify(execFile);
const targets = ["vda", "vdb"];

/** XML of a small guest with fresh disks (vda at /mnt, vdb at /mnt2) and a guest agent. */
export const labGuest = async ({ guestDir, workDir }: Lab, name: string): Promise<string> => {
  for (const target of targets) {
    const disk = join(workDir, `${name}-${target}.qcow2`);
    await copyFile(join(guestDir, `${target}.base.qcow2`), disk);
    // The daemon may run as another user.
    await chmod(disk, 0o666);
  }
  const disks = targets.map(
    (target) =>
      `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
        <source file='${workDir}/${name}-${target}.qcow2'/><target dev='${target}' bus='virtio'/></disk>`,
  );
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='pc'>hvm</type><kernel>${guestDir}/vmlinuz</kernel><initrd>${guestDir}/initrd.gz</initrd>
      <cmdline>console=ttyS0 quiet rdinit=/init random.trust_cpu=on mitigations=off</cmdline></os>
    <features><acpi/><apic/></features><cpu mode='custom'><model>qemu64</model></cpu>
    <on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>
    <pm><suspend-to-mem enabled='yes'/></pm>
    <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>${disks.join("")}
      <controller type='usb' model='none'/><memballoon model='virtio'/>
      <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel></devices></domain>`;
};

/** A backup job, begun by another client: libvirt's own command line. */
export const beginBackupByVirsh = async ({ uri, workDir }: Lab, name: string, mode: "push" | "pull"): Promise<void> => {
  const folder = join(workDir, `${name}-backup`);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
  const role = mode === "push" ? "target" : "scratch";
  const disks = targets.map(
    (target) =>
      `<disk name='${target}' type='file'><${role} file='${folder}/${target}.${mode}.qcow2'/><driver type='qcow2'/></disk>`,
  );
  const server = mode === "push" ? "" : `<server transport='unix' socket='${folder}/nbd'/>`;
  const file = join(folder, `${mode}.xml`);
  await writeFile(file, `<domainbackup mode='${mode}'>${server}<disks>${disks.join("")}</disks></domainbackup>`);
  await run("virsh", ["-c", uri, "backup-begin", name, file]);
};

/** A folder for a pool, of which the daemon makes the last part. */
export const labPoolFolder = ({ workDir }: Lab, name: string): string => join(workDir, `${name}-pool`);

/** Ends what a failed test may have left, and removes its files. */
export const removeLabGuest = async ({ uri, workDir }: Lab, name: string): Promise<void> => {
  const virsh = (...args: string[]) => run("virsh", ["-c", uri, ...args]).catch(() => {});
  await virsh("destroy", name);
  await virsh("undefine", name, "--managed-save", "--snapshots-metadata", "--checkpoints-metadata");
  await virsh("net-undefine", name);
  await virsh("pool-destroy", name);
  await virsh("pool-undefine", name);
  for (const file of ["vda.qcow2", "vdb.qcow2", "backup", "pool"]) {
    await rm(join(workDir, `${name}-${file}`), { recursive: true, force: true });
  }
};
