import { failure } from "../failure/failure.ts";
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from "../xml/element.ts";

export type BackupMode = "push" | "pull";

/** What a client asks of a backup. */
export interface BackupRequest {
  readonly mode: BackupMode;
  /** The checkpoint since which changes are wanted; without it, all content. */
  readonly incremental: string | undefined;
  /** Where a pull backup is served. */
  readonly socket: string | undefined;
  /** Without a list, all disks that the guest writes to. */
  readonly disks: readonly DiskBackupRequest[] | undefined;
}

export interface DiskBackupRequest {
  readonly name: string;
  readonly backup: boolean;
  /** `full` or `incremental`, where the disk says so itself. */
  readonly backupMode: string | undefined;
  readonly incremental: string | undefined;
  readonly exportName: string | undefined;
  readonly exportBitmap: string | undefined;
  /** The scratch file of a pull backup, or the target of a push backup. */
  readonly store: string | undefined;
  readonly format: string | undefined;
}

/** @throws {Failure} */
export const readBackupRequest = (xml: XmlElement): BackupRequest => {
  if (xml.name !== "domainbackup") {
    throw failure("xml-error", "xml", `expecting root element of 'domainbackup', not '${xml.name}'`);
  }
  const mode = attributeOf(xml, "mode") ?? "push";
  if (mode !== "push" && mode !== "pull") {
    throw failure("xml-error", "xml", `Invalid value for attribute 'mode' in element 'domainbackup': '${mode}'.`);
  }
  const listed = childOf(xml, "disks");
  return {
    mode,
    incremental: textOf(xml, "incremental"),
    socket: mode === "pull" ? readSocket(childOf(xml, "server")) : undefined,
    disks: listed === undefined ? undefined : childrenOf(listed, "disk").map((disk) => readDisk(disk, mode)),
  };
};

/** As far as the simulator goes: a unix socket at a path that the client chooses. */
const readSocket = (server: XmlElement | undefined): string => {
  const transport = attributeOf(server, "transport") ?? "unix";
  const socket = attributeOf(server, "socket");
  if (transport === "tcp" && attributeOf(server, "port") === undefined)
    throw failure("operation-unsupported", "qemu", "<domainbackup> must specify TCP port for now");
  if (transport !== "unix" || socket === undefined) {
    throw failure("no-support", "qemu", "only pull backups over a unix socket that is named are simulated");
  }
  if (!socket.startsWith("/")) throw failure("xml-error", "domain", `backup socket path '${socket}' must be absolute`);
  return socket;
};

const readDisk = (disk: XmlElement, mode: BackupMode): DiskBackupRequest => ({
  name: attributeOf(disk, "name") ?? "",
  backup: attributeOf(disk, "backup") !== "no",
  backupMode: attributeOf(disk, "backupmode"),
  incremental: attributeOf(disk, "incremental"),
  exportName: attributeOf(disk, "exportname"),
  exportBitmap: attributeOf(disk, "exportbitmap"),
  store: attributeOf(childOf(disk, mode === "pull" ? "scratch" : "target"), "file"),
  format: attributeOf(childOf(disk, "driver"), "type"),
});
