import { existsSync } from "node:fs";
import { join } from "node:path";
import { createDisk, setDiskFormat, writeDisk } from "../disk/disk-image.ts";
import type { Host } from "../host/host.ts";
import { element, type XmlElement } from "../xml/element.ts";
import type { DomainSpec } from "./spec.ts";

/** Folder of the disks that the simulator makes itself. */
export const imagesOf = (host: Host): string => join(host.dir, "images");

interface DiskPlan {
  readonly target: string;
  readonly bytes: number;
  readonly format: "qcow2" | "raw";
  readonly path: string;
  readonly readonly: boolean;
  readonly content: string | undefined;
}

/** The definition that a spec stands for. Its disks' files are made where they are missing. */
export const domainFromSpec = (host: Host, spec: DomainSpec): XmlElement => {
  const disks = planDisks(host, spec);
  for (const disk of disks) makeDisk(disk);
  return element(
    "domain",
    { type: "qemu" },
    element("name", {}, spec.name),
    spec.uuid === undefined ? undefined : element("uuid", {}, spec.uuid),
    element("memory", { unit: "MiB" }, String(spec.memoryMiB)),
    element(
      "os",
      spec.firmware === "efi" ? { firmware: "efi" } : {},
      element("type", { arch: "x86_64", machine: "pc-i440fx-7.2" }, "hvm"),
      spec.firmware === "efi"
        ? element("loader", { readonly: "yes", type: "pflash" }, "/usr/share/OVMF/OVMF_CODE.fd")
        : undefined,
      element("boot", { dev: "hd" }),
    ),
    element("features", {}, element("acpi"), element("apic")),
    element("pm", {}, element("suspend-to-mem", { enabled: "yes" })),
    element(
      "devices",
      {},
      disks.map(diskElement),
      spec.networks.map(nicElement),
      spec.agent ? agentChannel : undefined,
    ),
  );
};

const planDisks = (host: Host, spec: DomainSpec): readonly DiskPlan[] =>
  (spec.disks ?? [{ bytes: 1_048_576, format: "qcow2", readonly: false }]).map((disk, index) => {
    const target = disk.target ?? `vd${String.fromCodePoint(97 + index)}`;
    const extension = disk.format === "raw" ? "img" : disk.format;
    return {
      target,
      bytes: disk.bytes,
      format: disk.format,
      path: disk.path ?? join(imagesOf(host), `${spec.name}-${target}.${extension}`),
      readonly: disk.readonly,
      content: disk.content,
    };
  });

const makeDisk = ({ path, bytes, format, content }: DiskPlan): void => {
  if (existsSync(path)) return setDiskFormat(path, format);
  createDisk(path, bytes, format);
  setDiskFormat(path, format);
  if (content !== undefined) writeDisk(path, 0, Buffer.from(content));
};

const diskElement = ({ target, format, path, readonly }: DiskPlan): XmlElement =>
  element(
    "disk",
    { type: "file", device: "disk" },
    element("driver", { name: "qemu", type: format }),
    element("source", { file: path }),
    element("target", { dev: target, bus: "virtio" }),
    readonly ? element("readonly") : undefined,
  );

const nicElement = (network: string): XmlElement =>
  element("interface", { type: "network" }, element("source", { network }), element("model", { type: "virtio" }));

const agentChannel = element(
  "channel",
  { type: "unix" },
  element("target", { type: "virtio", name: "org.qemu.guest_agent.0" }),
);
