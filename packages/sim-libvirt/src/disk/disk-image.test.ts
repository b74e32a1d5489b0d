import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import * as image from "./disk-image.ts";

const newDisk = () => {
  const dir = mkdtempSync(join(tmpdir(), "sim-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, "deep", "disk");
  image.createDisk(path, 4096, "qcow2");
  return path;
};

test("a disk has the size and format that it was made with, and is not made over another file", () => {
  const path = newDisk();
  expect(statSync(path).size).toBe(4096);
  expect(image.diskFormat(path)).toBe("qcow2");
  expect(() => image.createDisk(path, 1, "raw")).toThrow(/EEXIST/u);
});

test("the format of a file that was not made here is read from its first bytes", () => {
  const path = `${newDisk()}-other`;
  writeFileSync(path, Buffer.from("QFI\u00fb....", "latin1"));
  expect(image.diskFormat(path)).toBe("qcow2");
  writeFileSync(path, "any");
  expect(image.diskFormat(path)).toBe("raw");
});

test("a snapshot keeps the bytes of its time, also for names with odd characters", async () => {
  const path = newDisk();
  image.writeDisk(path, 100, Buffer.from("before"));
  const before = await image.hashDisk(path);
  const name = "a b:ü%";
  await image.captureDisk(path, name);
  image.writeDisk(path, 100, Buffer.from("after!"));
  expect(await image.hashDisk(path)).not.toBe(before);
  await image.restoreDisk(path, name);
  expect(await image.hashDisk(path)).toBe(before);
  expect(image.readDisk(path, 100, 6).toString()).toBe("before");
  await image.forgetDiskSnapshot(path, name);
  await expect(image.restoreDisk(path, name)).rejects.toThrow(/ENOENT/u);
  expect(await image.hashDisk(path)).toBe(before);
});

test("nothing is written beyond the end", () => {
  const path = newDisk();
  expect(() => image.writeDisk(path, 4095, Buffer.from("xy"))).toThrow(/do not fit/u);
  expect(() => image.writeDisk(path, -1, Buffer.from("x"))).toThrow(/do not fit/u);
  expect(statSync(path).size).toBe(4096);
});
