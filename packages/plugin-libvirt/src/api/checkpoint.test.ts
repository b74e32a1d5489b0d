import { expect, test } from "vitest";
import { checkpointOfDisk } from "./checkpoint-of-disk.ts";
import { newCheckpointXml, readCheckpoint } from "./checkpoint.ts";

// As libvirt 9.0 tells it with sizes, after QEMU lost the bitmap of vdb.
const told = `<domaincheckpoint>
  <name>cp5</name>
  <description>a &amp; b
quiesce: {&quot;run&quot;:&quot;r1&quot;}</description>
  <parent>
    <name>cp4</name>
  </parent>
  <creationTime>1795349817</creationTime>
  <disks>
    <disk name='vda' checkpoint='bitmap' bitmap='cp5' size='65536'/>
    <disk name='vdb' checkpoint='bitmap' bitmap='cp5'/>
    <disk name='vdc' checkpoint='no'/>
  </disks>
</domaincheckpoint>`;

test("what a checkpoint marks, and where its changes are lost", () => {
  expect(readCheckpoint(told)).toEqual({
    name: "cp5",
    description: 'a & b\nquiesce: {"run":"r1"}',
    createdAt: 1_795_349_817,
    parent: "cp4",
    disks: [
      { name: "vda", changedBytes: 65_536 },
      { name: "vdb", changedBytes: undefined },
    ],
  });
});

test("as if it marked one disk only: the others are left out, all else stays", () => {
  const one = readCheckpoint(checkpointOfDisk(told, "vda"));
  expect(one).toEqual({ ...readCheckpoint(told), disks: [{ name: "vda", changedBytes: 65_536 }] });
});

test("a new one names every disk, for libvirt would mark those that it does not hear of", () => {
  const xml = newCheckpointXml({ name: "a<b", description: "d", marked: ["vda"], leftOut: ["vdb", "sda"] });
  expect(xml).toContain("<name>a&lt;b</name>");
  expect(xml).toContain(
    "<disk name='vda' checkpoint='bitmap'/><disk name='vdb' checkpoint='no'/><disk name='sda' checkpoint='no'/>",
  );
});
