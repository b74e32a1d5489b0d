import { expect, test } from "vitest";
import { readBackupRecord } from "./backup-record.ts";

const saved = {
  power: "running",
  consistency: "fs",
  uuid: "b2b0f1de-3f6f-4d7c-9a53-0b7a2a5f9d10",
  name: "db01",
  autostart: false,
  disks: [
    {
      name: "vda",
      id: "shop/monday/db/vda.raw",
      source: "/var/lib/libvirt/images/db.qcow2",
      format: "qcow2",
      bytes: 1024,
      pool: "default",
      volume: "db.qcow2",
    },
  ],
  definition: "shop/monday/db/domain.xml",
  nvram: null,
};

test("what a backup saved is read as it was", () => {
  expect(readBackupRecord(saved)).toEqual(saved);
});

test("a record that lacks a part is damaged, and the part is named", () => {
  const disks = saved.disks.map((disk) => ({ ...disk, bytes: "many" }));
  expect(() => readBackupRecord({ ...saved, disks })).toThrow(/disks\.0\.bytes/);
});
