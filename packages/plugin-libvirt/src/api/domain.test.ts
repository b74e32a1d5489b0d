import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDomain } from "./domain.ts";

// As libvirt 9.0 gave it for a running machine.
const golden = readFileSync(join(import.meta.dirname, "golden/domain-raw-disk.xml"), "utf8");
const images = "/var/lib/libvirt/images";

test("a domain's disks are its hard disks, whatever they are made of; drives with media are not", () => {
  const { disks, ...rest } = readDomain(golden);
  expect(disks.map(({ name, source, format, readonly }) => [name, source, format, readonly])).toEqual([
    ["vda", { is: "file", path: `${images}/vm2-vda.qcow2` }, "qcow2", false],
    ["vdb", { is: "file", path: `${images}/vm2-vdb.qcow2` }, "qcow2", false],
    ["vdc", { is: "file", path: `${images}/raw.img` }, "raw", false],
    ["vdd", { is: "file", path: `${images}/ro.qcow2` }, "qcow2", true],
  ]);
  expect(rest).toMatchObject({ name: "vm2", agent: "connected", pflash: false, pinned: [] });
});

const domain = (devices: string, os = ""): string =>
  `<domain type='kvm'><name>a</name><uuid>u</uuid><os>${os}</os><devices>${devices}</devices></domain>`;

test.each([
  [
    "<disk type='block' device='disk'><source dev='/dev/vg/a'/><target dev='vda'/></disk>",
    { is: "block", path: "/dev/vg/a" },
  ],
  [
    "<disk type='block' device='lun'><source dev='/dev/sdb'/><target dev='sda'/></disk>",
    { is: "block", path: "/dev/sdb" },
  ],
  [
    "<disk type='volume'><source pool='p' volume='v.qcow2'/><target dev='vda'/></disk>",
    { is: "volume", pool: "p", volume: "v.qcow2" },
  ],
  [
    "<disk type='network'><source protocol='rbd' name='pool/x'/><target dev='vda'/></disk>",
    { is: "elsewhere", what: "network (rbd)" },
  ],
  ["<disk type='nvme' device='disk'><target dev='vda'/></disk>", { is: "elsewhere", what: "nvme" }],
])("a disk of another kind: %s", (xml, source) => {
  expect(readDomain(domain(xml)).disks).toMatchObject([{ source, format: undefined }]);
});

test("what keeps a machine from a snapshot is seen: firmware in flash, devices of the host", () => {
  const devices =
    "<hostdev mode='subsystem' type='pci'/><hostdev mode='subsystem' type='usb'/><filesystem type='mount'/>";
  const read = readDomain(domain(devices, "<loader readonly='yes' type='pflash'>/x.fd</loader>"));
  expect(read.pflash).toBe(true);
  expect(read.pinned).toEqual(["an assigned host device (pci)", "a folder shared from the host"]);
});

test("an agent's channel may be absent, or there with nobody behind it", () => {
  const channel = (state: string): string =>
    `<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'${state}/></channel>`;
  expect(readDomain(domain("<channel type='spicevmc'><target name='com.redhat.spice.0'/></channel>")).agent).toBe(
    "none",
  );
  expect(readDomain(domain(channel(""))).agent).toBe("disconnected");
  expect(readDomain(domain(channel(" state='disconnected'"))).agent).toBe("disconnected");
});

test("an answer that is no domain is an error of the protocol, not a machine without disks", () => {
  expect(() => readDomain("<network/>")).toThrow(/no <domain>/);
  expect(() => readDomain("")).toThrow(/no <domain>/);
});
