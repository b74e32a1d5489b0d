import { spawnSync } from "node:child_process";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./cramped-process.ts", import.meta.url));

/** Runs shell commands in a mount namespace of their own: a mount is seen by them only, and goes with them. */
const inMounts = (commands: string) =>
  spawnSync("sh", ["-c", 'exec unshare --mount sh -ec "$1"', "sh", commands], { encoding: "utf8" });
const canMount = inMounts("mount -t tmpfs none /tmp").status === 0;

const run = (mode: string, folder: string): string =>
  `"${process.execPath}" --conditions=@quiesce/source "${script}" ${mode} "${folder}"`;

const tellsOf = (commands: string): Record<string, unknown> => {
  const { stdout, stderr } = inMounts(commands);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`The process told nothing: ${stderr}`);
  return JSON.parse(last) as Record<string, unknown>;
};

test.skipIf(!canMount)("a full disk refuses a write in plain words, loses nothing, and the store goes on", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-full-"));
  const told = tellsOf(`mount -t tmpfs -o size=2m none "${folder.path}"; ${run("full", folder.path)}`);
  expect(told["refusal"]).toMatchObject({ code: "refused", message: expect.stringContaining("disk") });
  expect((told["kept"] as readonly string[]).length).toBeGreaterThan(10);
  expect(told["names"]).toEqual(told["kept"]);
});

test.skipIf(!canMount)("a disk that is full in the middle of a take-over leaves the run with its worker", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-full-"));
  const told = tellsOf(`mount -t tmpfs -o size=2m none "${folder.path}"; ${run("take-over", folder.path)}`);
  expect(told).toMatchObject({
    refusal: { code: "refused", message: expect.stringContaining("disk") },
    between: { record: { worker: "first", status: "running", openDebts: 1 }, events: ["step.intended"], debts: 1 },
    granted: { taken: true, locks: true },
    fenced: { code: "fenced" },
    after: {
      record: { worker: "rescuer", openDebts: 1 },
      events: ["step.intended", "step.ticketed", "run.recovering"],
      debts: 1,
    },
  });
});

test.skipIf(!canMount)("a read-only disk is told in plain words", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-read-only-"));
  const mount = `mount -t tmpfs none "${folder.path}"`;
  const fill = `${run("open", folder.path)} > "${folder.path}/first"; rm -r "${folder.path}/other"`;
  const told = tellsOf(`${mount}; ${fill}; mount -o remount,ro "${folder.path}"; ${run("open", folder.path)}`);
  const refusal = (reason: string) => ({
    code: "refused",
    message: expect.stringContaining(`cannot be written: ${reason}`),
  });
  expect(told).toMatchObject({
    existing: refusal("the disk is mounted read-only"),
    missing: refusal("the disk is mounted read-only"),
  });
});
