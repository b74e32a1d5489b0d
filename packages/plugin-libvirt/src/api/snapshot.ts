import { domainOf, type Domain } from "./domain.ts";
import type { DomainDisk } from "./disk.ts";
import { escapeXml } from "./escape-xml.ts";
import { all, at, readXml } from "./xml.ts";

/** What we read of a snapshot's XML. */
export interface Snapshot {
  readonly name: string;
  readonly description: string;
  /** What the machine did when it was taken: `running`, `paused`, `shutoff`, `disk-snapshot`, … */
  readonly state: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly memory: boolean;
  /** Disks whose content lies inside the snapshot, as the machine had them then. */
  readonly inside: readonly DomainDisk[];
  /** The machine's definition at that time; a very old snapshot may have none. */
  readonly domain: Domain | undefined;
}

export const readSnapshot = (xml: string): Snapshot => {
  const snapshot = readXml(xml, "domainsnapshot");
  const inner = at(snapshot, "domain");
  const domain = inner && domainOf(inner);
  const taken = all(at(snapshot, "disks"), "disk")
    .filter(({ attributes }) => attributes["snapshot"] === "internal")
    .map(({ attributes }) => attributes["name"]);
  return {
    name: at(snapshot, "name")?.text ?? "",
    description: at(snapshot, "description")?.text ?? "",
    state: at(snapshot, "state")?.text ?? "",
    createdAt: Number(at(snapshot, "creationTime")?.text ?? 0),
    memory: (at(snapshot, "memory")?.attributes["snapshot"] ?? "no") !== "no",
    inside: domain?.disks.filter(({ name }) => taken.includes(name)) ?? [],
    domain,
  };
};

export interface NewSnapshot {
  readonly name: string;
  readonly description: string;
  /** An active machine must keep its memory in an internal snapshot, and one that is off has none. */
  readonly memory: boolean;
  /** Names of the disks to take. libvirt wants all writable ones or none. */
  readonly disks: readonly string[];
  /** Names of the disks to leave out: read-only ones. */
  readonly leftOut: readonly string[];
}

export const newSnapshotXml = ({ name, description, memory, disks, leftOut }: NewSnapshot): string =>
  [
    "<domainsnapshot>",
    `<name>${escapeXml(name)}</name>`,
    `<description>${escapeXml(description)}</description>`,
    `<memory snapshot='${memory ? "internal" : "no"}'/>`,
    "<disks>",
    ...disks.map((disk) => `<disk name='${escapeXml(disk)}' snapshot='internal'/>`),
    ...leftOut.map((disk) => `<disk name='${escapeXml(disk)}' snapshot='no'/>`),
    "</disks>",
    "</domainsnapshot>",
  ].join("");
