import { expect, test } from "vitest";
import type { DomainDisk } from "../api/disk.ts";
import type { Domain } from "../api/domain.ts";
import type { Power } from "../api/power.ts";
import { changedDisks } from "./changed-disks.ts";
import { snapshotLimits } from "./snapshot-limits.ts";

const disk = (name: string, more: Partial<DomainDisk> = {}): DomainDisk => ({
  name,
  source: { is: "file", path: `/images/${name}.qcow2` },
  format: "qcow2",
  readonly: false,
  shareable: false,
  transient: false,
  ...more,
});
const domain = (more: Partial<Domain> = {}): Domain => ({
  name: "vm",
  uuid: "u",
  description: "",
  disks: [disk("vda")],
  drives: [],
  agent: "connected",
  pflash: false,
  nvram: undefined,
  socketFolder: undefined,
  pinned: [],
  ...more,
});

const limits: readonly [string, Partial<Domain>, Power, readonly RegExp[]][] = [
  ["a plain machine that runs", {}, "running", []],
  ["a plain machine that is off", {}, "off", []],
  ["a read-only raw disk", { disks: [disk("vda"), disk("vdb", { format: "raw", readonly: true })] }, "running", []],
  ["a raw disk", { disks: [disk("vda"), disk("vdb", { format: "raw" })] }, "off", [/vdb has the format raw/]],
  ["a disk of no known format", { disks: [disk("vda", { format: undefined })] }, "off", [/vda has the format raw/]],
  [
    "a block device",
    { disks: [disk("vda", { source: { is: "block", path: "/dev/x" } })] },
    "off",
    [/vda is a block device/],
  ],
  [
    "a disk on the network",
    { disks: [disk("vda", { source: { is: "elsewhere", what: "network (rbd)" } })] },
    "off",
    [/vda lies on network \(rbd\)/],
  ],
  ["a transient disk", { disks: [disk("vda", { transient: true })] }, "running", [/vda is transient/]],
  ["no disk at all", { disks: [] }, "running", [/no writable disk/]],
  ["UEFI that runs", { pflash: true }, "running", [/UEFI/]],
  ["UEFI that is off", { pflash: true }, "off", []],
  [
    "a PCI device of the host, running",
    { pinned: ["an assigned host device (pci)"] },
    "paused",
    [/host device \(pci\)/],
  ],
  ["a PCI device of the host, off", { pinned: ["an assigned host device (pci)"] }, "saved", []],
  ["a sleeping machine", {}, "asleep", [/sleeping/]],
];

test.each(limits)("%s", (_, more, power, reasons) => {
  const found = snapshotLimits(domain(more), power);
  expect(found.map(({ reason }) => reason)).toEqual(reasons.map((reason) => expect.stringMatching(reason)));
  expect(found.every(({ fix }) => fix !== "")).toBe(true);
});

test("the same disks are no change, in any order", () => {
  expect(changedDisks([disk("vda"), disk("vdb")], [disk("vdb"), disk("vda")])).toEqual([]);
});

test("a disk that went, one that came and one that lies elsewhere now are each named", () => {
  const overlay = disk("vda", { source: { is: "file", path: "/images/overlay" } });
  const inPool = disk("vdc", { source: { is: "volume", pool: "p", volume: "v" } });
  expect(changedDisks([disk("vda"), disk("vdb")], [overlay, inPool])).toEqual([
    "vda is /images/overlay now, and was /images/vda.qcow2",
    "vdb (/images/vdb.qcow2) is no longer attached",
    "vdc (p/v) was attached since",
  ]);
});
