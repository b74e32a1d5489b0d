import { expect, test } from "vitest";
import { newBackupXml, readBackupJob } from "./backup-job.ts";

// As libvirt 9.0 tells of a pull job with an increment of one disk and the whole of another.
const told = `<domainbackup mode='pull'>
  <server transport='unix' socket='/run/vm/quiesce-0a1b2c3d.nbd'/>
  <disks>
    <disk name='vda' backup='yes' type='file' backupmode='incremental' incremental='cp2' exportname='vda' exportbitmap='b' index='7'>
      <driver type='qcow2'/>
      <scratch file='/images/s-vda'/>
    </disk>
    <disk name='vdb' backup='yes' type='file' backupmode='full' exportname='vdb' index='8'>
      <driver type='qcow2'/>
      <scratch file='/images/s-vdb'/>
    </disk>
    <disk name='vdc' backup='no'/>
  </disks>
</domainbackup>`;

const disks = [
  { name: "vda", since: "cp2", scratch: "/images/s-vda" },
  { name: "vdb", since: undefined, scratch: "/images/s-vdb" },
];

test("which disks a job exports, and since when", () => {
  expect(readBackupJob(told)).toEqual({
    mode: "pull",
    socket: "/run/vm/quiesce-0a1b2c3d.nbd",
    disks,
  });
});

test("an increment that is told for the whole job counts for each of its disks", () => {
  const whole =
    "<domainbackup mode='push'><incremental>cp1</incremental><disks><disk name='vda'/></disks></domainbackup>";
  expect(readBackupJob(whole)).toEqual({ mode: "push", socket: undefined, disks: [{ name: "vda", since: "cp1" }] });
});

test("a new job reads as what was asked for", () => {
  const xml = newBackupXml({ socket: "/run/vm/quiesce-0a1b2c3d.nbd", disks, leftOut: ["vdc"] });
  expect(readBackupJob(xml)).toEqual(readBackupJob(told));
  expect(xml).toContain("exportbitmap='changes'><scratch file='/images/s-vda'/>");
});
