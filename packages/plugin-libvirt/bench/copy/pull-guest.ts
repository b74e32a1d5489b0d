import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeDomain, virsh, type LibvirtLab } from "../../../../labs/libvirt/lab.ts";
import { writeImage, type DiskShape } from "./write-image.ts";

/** A guest of the lab that never runs; its emulator serves backups of its disk `vda`. */
export interface PullGuest {
  readonly name: string;
  /** Begins a backup and gives the socket. */
  readonly beginPull: () => Promise<string>;
  readonly endPull: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Its files lie in `folder`, which stays the caller's. */
export const startPullGuest = async (lab: LibvirtLab, folder: string, shape: DiskShape): Promise<PullGuest> => {
  const name = `bench-${process.pid}`;
  const [disk, guestFile, backupFile, socket] = ["vda.qcow2", "guest.xml", "backup.xml", "pull.sock"].map((file) =>
    join(folder, file),
  ) as [string, string, string, string];
  await writeImage(disk, shape);
  // The daemon may run as another user.
  await Promise.all([chmod(folder, 0o777), chmod(disk, 0o666)]);
  await writeFile(guestFile, guestXml(name, disk));
  await writeFile(
    backupFile,
    `<domainbackup mode='pull'><server transport='unix' socket='${socket}'/><disks><disk name='vda' backup='yes'
      type='file'><scratch file='${folder}/scratch'/></disk></disks></domainbackup>`,
  );
  await virsh(lab, "define", guestFile);
  await virsh(lab, "start", "--paused", name);
  return {
    name,
    beginPull: async () => {
      await virsh(lab, "backup-begin", name, backupFile);
      return socket;
    },
    endPull: async () => void (await virsh(lab, "domjobabort", name)),
    remove: () => removeDomain(lab, name),
  };
};

const guestXml = (name: string, disk: string): string =>
  `<domain type='qemu'><name>${name}</name><memory unit='MiB'>32</memory>
    <os><type arch='x86_64' machine='pc'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${disk}'/><target dev='vda' bus='virtio'/>
    </disk><controller type='usb' model='none'/><memballoon model='none'/></devices></domain>`;
