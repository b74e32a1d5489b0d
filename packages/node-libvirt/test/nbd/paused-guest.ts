import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeDomain, virsh, type LibvirtLab } from "../../../../labs/libvirt/lab.ts";
import { qemuImg, qemuIo } from "./qemu-nbd.ts";

export interface PausedGuest {
  /** Writes to its disk as the guest would, so that its bitmaps take note. For example `write -P 1 0 64k`. */
  readonly write: (command: string) => Promise<void>;
  /** Content of its disk, read without locks: it is paused. */
  readonly content: (to: string) => Promise<void>;
  /** Begins a pull backup with a new checkpoint and returns the socket. */
  readonly beginPull: (checkpoint: string, since?: string) => Promise<string>;
  readonly endPull: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** A guest that never runs, with a disk `vda` of 64 MiB: enough for its emulator to serve backups. */
export const startPausedGuest = async (
  lab: LibvirtLab,
  name: string,
  commands: readonly string[],
): Promise<PausedGuest> => {
  const folder = join(lab.workDir, name);
  const [disk, xmlFile] = ["vda.qcow2", "guest.xml"].map((file) => join(folder, file)) as [string, string];
  await mkdir(folder);
  // The daemon may run as another user.
  await chmod(folder, 0o777);
  qemuImg("create", "-q", "-f", "qcow2", disk, "64M");
  qemuIo(disk, commands);
  await chmod(disk, 0o666);
  await writeFile(
    xmlFile,
    `<domain type='qemu'><name>${name}</name><memory unit='MiB'>32</memory><os><type arch='x86_64' machine='pc'>hvm</type></os>
      <devices><emulator>/usr/bin/qemu-system-x86_64</emulator><disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
      <source file='${disk}'/><target dev='vda' bus='virtio'/></disk><controller type='usb' model='none'/>
      <memballoon model='none'/></devices></domain>`,
  );
  await virsh(lab, "define", xmlFile);
  await virsh(lab, "start", "--paused", name);
  const emulatorIo = async (command: string): Promise<void> => {
    const device = "/machine/peripheral/virtio-disk0/virtio-backend";
    const said = await virsh(lab, "qemu-monitor-command", name, "--hmp", `qemu-io -d ${device} "${command}"`);
    if (said.includes("rror")) throw new Error(`qemu-io: ${said}`);
  };
  return {
    write: emulatorIo,
    content: async (to) => {
      // Else the image's tables are those of a while ago.
      await emulatorIo("flush");
      qemuImg("convert", "--force-share", "-O", "raw", disk, to);
    },
    beginPull: async (checkpoint, since) => {
      const [backup, point] = [`${checkpoint}.backup.xml`, `${checkpoint}.xml`].map((file) => join(folder, file)) as [
        string,
        string,
      ];
      const socket = join(folder, `${checkpoint}.sock`);
      const incremental = since === undefined ? "" : `<incremental>${since}</incremental>`;
      await writeFile(
        backup,
        `<domainbackup mode='pull'>${incremental}<server transport='unix' socket='${socket}'/><disks><disk name='vda'
          backup='yes' type='file'><scratch file='${folder}/${checkpoint}.scratch'/></disk></disks></domainbackup>`,
      );
      await writeFile(point, `<domaincheckpoint><name>${checkpoint}</name></domaincheckpoint>`);
      await virsh(lab, "backup-begin", name, backup, point);
      return socket;
    },
    endPull: async () => void (await virsh(lab, "domjobabort", name)),
    remove: () => removeDomain(lab, name),
  };
};
