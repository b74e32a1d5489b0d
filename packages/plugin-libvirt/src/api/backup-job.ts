import { escapeXml } from "./escape-xml.ts";
import { all, at, readXml } from "./xml.ts";

/** What we read of a backup job that goes on. */
export interface BackupJob {
  readonly mode: string;
  /** The unix socket of its NBD server; undefined of a push job and of a server on TCP. */
  readonly socket: string | undefined;
  readonly disks: readonly BackupJobDisk[];
}

export interface BackupJobDisk {
  readonly name: string;
  readonly since: string | undefined;
  /** The file that takes what the guest overwrites; of a push job, none. */
  readonly scratch: string | undefined;
}

export const readBackupJob = (xml: string): BackupJob => {
  const backup = readXml(xml, "domainbackup");
  const whole = at(backup, "incremental")?.text;
  return {
    mode: backup.attributes["mode"] ?? "push",
    socket: at(backup, "server")?.attributes["socket"],
    disks: all(at(backup, "disks"), "disk")
      .filter(({ attributes }) => attributes["backup"] !== "no")
      .map((disk) => {
        const { name = "", backupmode, incremental } = disk.attributes;
        const since = backupmode === "full" ? undefined : (incremental ?? whole);
        return { name, since, scratch: at(disk, "scratch")?.attributes["file"] };
      }),
  };
};

export interface NewBackupJob {
  /** Where QEMU shall listen, on its host. */
  readonly socket: string;
  readonly disks: readonly NewBackupDisk[];
  /** Names of all other disks of the machine. */
  readonly leftOut: readonly string[];
}

export interface NewBackupDisk {
  readonly name: string;
  /** The checkpoint since which changes are wanted; without it the disk is exported whole. */
  readonly since: string | undefined;
  /** The file that takes what the guest overwrites while the job goes on. */
  readonly scratch: string;
}

/** NBD name of the list of changed blocks of every disk that has one. */
export const changesBitmap = "changes";

/** A pull job: each disk is an export under its own name. */
export const newBackupXml = ({ socket, disks, leftOut }: NewBackupJob): string =>
  [
    "<domainbackup mode='pull'>",
    `<server transport='unix' socket='${escapeXml(socket)}'/>`,
    "<disks>",
    ...disks.map(diskXml),
    ...leftOut.map((name) => `<disk name='${escapeXml(name)}' backup='no'/>`),
    "</disks>",
    "</domainbackup>",
  ].join("");

const diskXml = ({ name, since, scratch }: NewBackupDisk): string => {
  const id = escapeXml(name);
  const mode =
    since === undefined
      ? "backupmode='full'"
      : `backupmode='incremental' incremental='${escapeXml(since)}' exportbitmap='${changesBitmap}'`;
  return `<disk name='${id}' backup='yes' type='file' exportname='${id}' ${mode}><scratch file='${escapeXml(scratch)}'/></disk>`;
};
