import { expect, test } from "vitest";
import { newMachine } from "./new-machine.ts";
import { restoredDefinition } from "./restored-definition.ts";
import { restoredMark } from "./mark.ts";

const uuid = "99999999-9999-5999-8999-999999999999";
const original = `<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>db</name>
  <uuid>11111111-1111-4111-8111-111111111111</uuid>
  <genid>22222222-2222-4222-8222-222222222222</genid>
  <title>A &amp; B</title>
  <metadata><other:note xmlns:other="urn:other">of the original</other:note></metadata>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <loader readonly="yes" type="pflash">/fw/code.fd</loader>
    <nvram template="/fw/vars.fd">/nvram/db_VARS.fd</nvram>
  </os>
  <sysinfo type="smbios"><system><entry name="uuid">11111111-1111-4111-8111-111111111111</entry><entry name="serial">s</entry></system></sysinfo>
  <devices>
    <disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/images/db.qcow2"/><backingStore type="file"><source file="/images/base"/></backingStore><target dev="vda" bus="virtio"/></disk>
    <disk type="volume" device="disk"><driver name="qemu" type="raw"/><source pool="p" volume="data.raw"/><target dev="vdb" bus="virtio"/></disk>
    <disk type="file" device="disk"><source file="/images/scratch.raw"/><target dev="vdc"/></disk>
    <disk type="file" device="cdrom"><source file="/iso/a.iso"/><target dev="sda"/><readonly/></disk>
    <interface type="bridge"><mac address="52:54:00:00:00:01"/><source bridge="br0"/><virtualport type="openvswitch"><parameters interfaceid="33333333-3333-4333-8333-333333333333" profileid="x"/></virtualport><target dev="vnet7"/><link state="up"/></interface>
    <interface type="hostdev"><mac address="52:54:00:00:00:02"/></interface>
    <serial type="file"><source path="/log/db.log"/><target port="0"/></serial>
    <serial type="unix"><source mode="bind" path="/run/db.sock"/><target port="1"/></serial>
    <channel type="unix"><source mode="bind" path="/agent/db.sock"/><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
    <graphics type="vnc" port="5901" autoport="no" passwd="se&amp;cret"><listen type="address" address="127.0.0.1"/></graphics>
    <hostdev mode="subsystem" type="pci"/>
    <vsock model="virtio"><cid auto="no" address="3"/></vsock>
  </devices>
</domain>`;

const made = (connect = false) => newMachine(original, { uuid, connect, captured: ["vda", "vdb"] });

test("nothing by which the host or the network knows the original is in the new machine", () => {
  const { xml } = made();
  for (const known of [
    "11111111-1111",
    "22222222-2222",
    "33333333-3333",
    "of the original",
    "/nvram/db_VARS.fd",
    "52:54:00:00:00:0",
    "vnet7",
    '"/log/db.log"',
    '"/run/db.sock"',
    "/agent/db.sock",
    "5901",
    'address="3"',
    "/images/scratch.raw",
  ])
    expect(xml, known).not.toContain(known);
  expect(xml).toContain(`<uuid>${uuid}</uuid>`);
  expect(xml).toContain(`/log/db.log.${uuid}`);
});

test("what makes it the same machine for its guest stays: passwords, firmware, media, titles", () => {
  const { xml } = made();
  for (const kept of [
    "A &amp; B",
    'passwd="se&amp;cret"',
    'template="/fw/vars.fd"',
    "/iso/a.iso",
    'profileid="x"',
    ">s<",
  ])
    expect(xml, kept).toContain(kept);
});

test("its cables are out, unless it is to be connected", () => {
  expect(made().xml.match(/<link state="(\w+)"/g)).toEqual(['<link state="down"']);
  expect(made(true).xml).not.toContain("<link");
  expect(made().xml).toBe(made().xml);
});

test("what it lacks is told", () => {
  expect(made().leftOut).toEqual([
    "disk vdc, which is not in the backup and can be written to",
    "a network card of the host that was assigned to the original",
    "a device of the host that was assigned to the original",
  ]);
});

test("restored disks take the old ones' place as the definition names disks, and nothing else is changed", () => {
  const at = (path: string) => ({ type: "file", path, pool: "p", volume: path.slice(8) }) as const;
  const xml = restoredDefinition(original, {
    name: "db<2",
    disks: new Map([
      ["vda", at("/images/new-vda.qcow2")],
      ["vdb", at("/images/new-vdb.raw")],
    ]),
    nvram: "/nvram/new.fd",
    mark: { kind: restoredMark, fields: { run: "r" } },
  });
  const expected = original
    .replace("<name>db<", "<name>db&lt;2<")
    .replace('<backingStore type="file"><source file="/images/base"/></backingStore>', "")
    .replace("/images/db.qcow2", "/images/new-vda.qcow2")
    .replace('volume="data.raw"', 'volume="new-vdb.raw"')
    .replace("/nvram/db_VARS.fd", "/nvram/new.fd")
    .replace("</metadata>", '<quiesce:restored xmlns:quiesce="urn:quiesce:libvirt:restored:1" run="r"/></metadata>');
  expect(xml).toBe(expected);
});
