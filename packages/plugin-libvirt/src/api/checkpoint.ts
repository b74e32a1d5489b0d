import { escapeXml } from "./escape-xml.ts";
import { all, at, readXml } from "./xml.ts";

/** What we read of a checkpoint's XML. */
export interface Checkpoint {
  readonly name: string;
  readonly description: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Name of the one before it. */
  readonly parent: string | undefined;
  /** Disks whose changes it marks. */
  readonly disks: readonly MarkedDisk[];
}

export interface MarkedDisk {
  readonly name: string;
  /**
   * Bytes that changed since. Known only where it was asked for (`checkpointXmlFlags.size`); libvirt then leaves it out of a
   * disk whose bitmap is missing or broken (seen on 9.0: after a `kill -9` of QEMU).
   */
  readonly changedBytes: number | undefined;
}

export const readCheckpoint = (xml: string): Checkpoint => {
  const checkpoint = readXml(xml, "domaincheckpoint");
  return {
    name: at(checkpoint, "name")?.text ?? "",
    description: at(checkpoint, "description")?.text ?? "",
    createdAt: Number(at(checkpoint, "creationTime")?.text ?? 0),
    parent: at(checkpoint, "parent", "name")?.text,
    disks: all(at(checkpoint, "disks"), "disk")
      .filter(({ attributes }) => attributes["checkpoint"] === "bitmap")
      .map(({ attributes: { name = "", size } }) => ({
        name,
        changedBytes: size === undefined ? undefined : Number(size),
      })),
  };
};

export interface NewCheckpoint {
  readonly name: string;
  readonly description: string;
  /** Names of the disks to mark: qcow2 only, for nothing else keeps a bitmap. */
  readonly marked: readonly string[];
  /** Names of all other disks of the machine: libvirt would mark what is not mentioned. */
  readonly leftOut: readonly string[];
}

export const newCheckpointXml = ({ name, description, marked, leftOut }: NewCheckpoint): string =>
  [
    "<domaincheckpoint>",
    `<name>${escapeXml(name)}</name>`,
    `<description>${escapeXml(description)}</description>`,
    "<disks>",
    ...marked.map((disk) => `<disk name='${escapeXml(disk)}' checkpoint='bitmap'/>`),
    ...leftOut.map((disk) => `<disk name='${escapeXml(disk)}' checkpoint='no'/>`),
    "</disks>",
    "</domaincheckpoint>",
  ].join("");
