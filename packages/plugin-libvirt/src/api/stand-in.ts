import type { DomainDisk } from "./disk.ts";
import { escapeXml } from "./escape-xml.ts";
import { at, readXml } from "./xml.ts";

export interface StandIn {
  readonly name: string;
  readonly description: string;
  readonly disks: readonly DomainDisk[];
}

const memoryMib = 64;

/**
 * A machine that boots nothing and has another machine's disks, for reading only: QEMU's own locks keep it from running beside
 * a writer. Its kind of machine and its emulator are the other's, because only those are known to be there.
 */
export const standInXml = (machineXml: string, { name, description, disks }: StandIn): string => {
  const machine = readXml(machineXml, "domain");
  const { arch = "x86_64", machine: board = "pc" } = at(machine, "os", "type")?.attributes ?? {};
  const emulator = at(machine, "devices", "emulator")?.text;
  return [
    `<domain type='${escapeXml(machine.attributes["type"] ?? "qemu")}'>`,
    `<name>${escapeXml(name)}</name>`,
    `<description>${escapeXml(description)}</description>`,
    `<memory unit='MiB'>${memoryMib}</memory><vcpu>1</vcpu>`,
    `<os><type arch='${escapeXml(arch)}' machine='${escapeXml(board)}'>hvm</type></os>`,
    "<devices>",
    ...(emulator === undefined ? [] : [`<emulator>${escapeXml(emulator)}</emulator>`]),
    ...disks.map(diskXml),
    "</devices></domain>",
  ].join("");
};

const diskXml = ({ name, source, format }: DomainDisk): string =>
  `<disk type='${source.is === "volume" ? "volume" : "file"}' device='disk'>` +
  `<driver name='qemu' type='${escapeXml(format ?? "raw")}'/>${sourceXml(source)}` +
  `<target dev='${escapeXml(name)}' bus='virtio'/><readonly/></disk>`;

const sourceXml = (source: DomainDisk["source"]): string => {
  switch (source.is) {
    case "file":
    case "block":
      return `<source file='${escapeXml(source.path)}'/>`;
    case "volume":
      return `<source pool='${escapeXml(source.pool)}' volume='${escapeXml(source.volume)}'/>`;
    case "elsewhere":
      return "";
  }
};
