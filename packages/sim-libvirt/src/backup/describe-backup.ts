import { element, type XmlElement } from "../xml/element.ts";
import type { BackupPlan, DiskBackup } from "./plan-backup.ts";

/** The backup as BACKUP_GET_XML_DESC prints it. */
export const describeBackup = ({ mode, incremental, socket, disks }: BackupPlan): XmlElement =>
  element(
    "domainbackup",
    { mode },
    incremental === undefined ? undefined : element("incremental", {}, incremental),
    socket === undefined ? undefined : element("server", { transport: "unix", socket }),
    element(
      "disks",
      {},
      disks.map((disk, index) =>
        "leftOut" in disk
          ? element("disk", { name: disk.leftOut, backup: "no" })
          : describeDisk(disk, mode, disks.length + index + 1),
      ),
    ),
  );

const describeDisk = (disk: DiskBackup, mode: BackupPlan["mode"], index: number): XmlElement =>
  element(
    "disk",
    {
      name: disk.target,
      backup: "yes",
      type: "file",
      backupmode: disk.incremental === undefined ? "full" : "incremental",
      incremental: disk.incremental,
      exportname: mode === "pull" ? disk.exportName : undefined,
      exportbitmap: mode === "pull" ? disk.exportBitmap : undefined,
      index: String(index),
    },
    element("driver", { type: disk.format }),
    element(mode === "pull" ? "scratch" : "target", { file: disk.store }),
  );
