import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.ts";
import { createDisk } from "../disk/disk-image.ts";
import { Drive } from "../disk/drive.ts";
import { createRandom } from "../host/random.ts";
import { performAgentCommand } from "./agent-commands.ts";
import { Guest } from "./guest.ts";

const runningGuest = () => {
  const dir = mkdtempSync(join(tmpdir(), "sim-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const clock = new ManualClock();
  const disks = ["vda", "vdb"].map((target) => ({ target, path: join(dir, target) }));
  for (const { path } of disks) createDisk(path, 16, "qcow2");
  const drives = disks.map((disk) => new Drive({ ...disk, format: "qcow2", readonly: false }));
  const guest = new Guest({
    name: "g",
    clock,
    random: createRandom(1),
    disks: () => disks,
    drive: (target) => drives.find((drive) => drive.target === target),
    onDiskError: () => guest.pause(),
    onAgent: () => {},
  });
  guest.boot();
  guest.run();
  const text = (target: string) => readFileSync(join(dir, target), "latin1").replaceAll("\0", "");
  return { clock, guest, text };
};
const letter = Buffer.from("x");

test("time passes for a guest while it runs", async () => {
  const { clock, guest } = runningGuest();
  await clock.pass(100);
  guest.pause();
  await clock.pass(100);
  guest.run();
  await clock.pass(10);
  expect(guest.uptimeMs).toBe(110);
});

test("writes end in the disk's file, wait while the guest is stunned, and fail while it does not run", async () => {
  const { guest, text } = runningGuest();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stunned = guest.stunned(() => promise);
  const written = guest.write("vda", 3, letter);
  await new Promise((next) => setImmediate(next));
  expect(text("vda")).toBe("");
  resolve();
  await Promise.all([stunned, written]);
  expect(text("vda")).toBe("x");
  guest.pause();
  await expect(guest.write("vda", 0, letter)).rejects.toMatchObject({ reason: "not-running" });
  guest.powerOff();
  await expect(guest.write("vda", 0, letter)).rejects.toMatchObject({ reason: "not-running" });
  expect(() => guest.remember("a", "b")).toThrow(/is off/u);
});

test("a write that waits for the thaw fails when the power goes first", async () => {
  const { guest, text } = runningGuest();
  guest.set({ writeWhileFrozen: "wait" });
  performAgentCommand(guest, "guest-fsfreeze-freeze");
  const written = guest.write("vda", 0, letter);
  guest.powerOff();
  await expect(written).rejects.toMatchObject({ reason: "not-running" });
  expect(text("vda")).toBe("");
});

test("writes beyond the disk and to no disk are refused", async () => {
  const { guest } = runningGuest();
  await expect(guest.write("vda", 16, letter)).rejects.toThrow(/do not fit/u);
  await expect(guest.write("vdz", 0, letter)).rejects.toMatchObject({ reason: "no-disk" });
});

test("a memory state holds values, uptime, frozen file systems and the clock; a boot forgets them", async () => {
  const { clock, guest } = runningGuest();
  guest.remember("a", "1");
  await clock.pass(50);
  performAgentCommand(guest, "guest-fsfreeze-freeze");
  const memory = guest.save();
  const { bootId } = guest;
  guest.powerOff();
  await clock.pass(1000);
  guest.boot();
  guest.run();
  expect(guest).toMatchObject({ ram: {}, uptimeMs: 0 });
  expect(guest.bootId).not.toBe(bootId);
  guest.load(memory);
  expect(guest).toMatchObject({ ram: { a: "1" }, uptimeMs: 50, bootId, power: "paused" });
  expect(guest.filesystems.frozen).toEqual(["/vda", "/vdb"]);
  expect(clock.now() - guest.clockMs).toBe(1000);
  guest.run();
  performAgentCommand(guest, "guest-fsfreeze-thaw");
  performAgentCommand(guest, "guest-set-time");
  expect(clock.now() - guest.clockMs).toBe(0);
  expect(guest.filesystems.log.windows.map(({ endedBy }) => endedBy)).toEqual(["power", "thaw"]);
});

test("Windows thaws itself, and a thaw stops its timer", async () => {
  const { clock, guest } = runningGuest();
  guest.set({ autoThawMs: 10_000 });
  performAgentCommand(guest, "guest-fsfreeze-freeze");
  await clock.pass(9_999);
  expect(guest.filesystems.frozen).toHaveLength(2);
  await clock.pass(1);
  expect(guest.filesystems.frozen).toEqual([]);
  performAgentCommand(guest, "guest-fsfreeze-freeze");
  performAgentCommand(guest, "guest-fsfreeze-thaw");
  performAgentCommand(guest, "guest-fsfreeze-freeze");
  await clock.pass(9_999);
  expect(guest.filesystems.frozen).toHaveLength(2);
  expect(guest.filesystems.log.windows.map(({ endedBy }) => endedBy)).toEqual(["auto-thaw", "thaw", undefined]);
});

test("a guest without file systems has nothing to freeze", () => {
  const { guest } = runningGuest();
  guest.set({ filesystems: [] });
  expect(performAgentCommand(guest, "guest-fsfreeze-freeze")).toBe(0);
  expect(performAgentCommand(guest, "guest-fsfreeze-status")).toBe("thawed");
  guest.set({ filesystems: null });
  expect(performAgentCommand(guest, "guest-fsfreeze-freeze")).toBe(2);
});
