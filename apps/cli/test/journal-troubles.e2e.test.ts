import { spawnSync } from "node:child_process";
import { mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shopSpec, shopYaml, startWorld, type Ended, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld(shopSpec());
  await world.write("shop.yaml", shopYaml(world.uri));
});
afterEach(() => world[Symbol.asyncDispose]());

const ask = () => world.sim.control;
const frozen = () => ask().ask("frozen");
const mutations = async () => JSON.stringify(await ask().ask("mutations"));
const store = () => join(world.stateDir, "quiesce.db");
const backup = (name: string) => ["backup", "shop.yaml", "--name", name, "--kind", "snapshot"];

const expectPlain = ({ stderr }: Pick<Ended, "stderr">): void => {
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(stderr).toContain("quiesce.db");
};

/** Runs shell commands in a mount namespace of their own: a mount is seen by them only, and goes with them. */
const inMounts = (commands: string, env: NodeJS.ProcessEnv = {}) =>
  spawnSync("sh", ["-c", 'exec unshare --mount sh -ec "$1"', "sh", commands], {
    encoding: "utf8",
    cwd: world?.dir,
    env: { PATH: process.env["PATH"], HOME: world?.dir, TZ: "UTC", QUIESCE_STATE_DIR: world?.stateDir, ...env },
    timeout: 60_000,
  });
const canMount = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/tmp"]).status === 0;

const quiesce = (args: readonly string[]): string =>
  [process.execPath, join(import.meta.dirname, "..", "bin", "quiesce.js"), ...args]
    .map((word) => `'${word}'`)
    .join(" ");

// How much of the disk is left when the backup begins: nothing, enough to freeze one machine, enough to freeze both.
test.skipIf(!canMount).each([0, 112, 144])(
  "a disk under the journal that is full after %i KiB: soon, in plain words, and nobody stays frozen",
  async (kib) => {
    const countOf = async (procedure: string) => (await ask().ask("calls", { filter: { procedure } })).length;
    await mkdir(world.stateDir, { recursive: true });
    const startedAt = performance.now();
    const ended = inMounts(
      `mount -t tmpfs -o size=2m,mode=700 none '${world.stateDir}'
      ${quiesce(backup("before"))} >/dev/null 2>&1
      dd if=/dev/zero of='${world.stateDir}/filling' bs=1024 count=$(( $(df --output=avail -k '${world.stateDir}' | tail -1) - ${kib} )) 2>/dev/null || true
      ${quiesce(backup("n"))}`,
    );
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    expect([ended.status, ended.stderr]).toEqual([5, expect.stringMatching(/disk.*(full|free space)/is)]);
    expectPlain(ended);
    expect(await frozen()).toEqual([]);
    // Two by the backup that made the journal; what came later is in this one's window.
    expect(await countOf("domainFsFreeze")).toBeGreaterThanOrEqual(kib === 0 ? 2 : 3);
    expect(await countOf("domainFsThaw")).toBeGreaterThanOrEqual(await countOf("domainFsFreeze"));
  },
);

test("a journal that was cut off is told as damaged before any provider is asked, by every command", async () => {
  expect(await world.run(backup("kept"))).toMatchObject({ code: 0 });
  const whole = await readFile(store());
  const before = await mutations();
  for (const part of [0.9, 0.1]) {
    await writeFile(store(), whole);
    await truncate(store(), Math.floor(whole.length * part));
    for (const args of [backup("next"), ["executions", "list"], ["recover"]]) {
      const ended = await world.run(args);
      expect([part, args[0], ended.code, ended.stderr]).toEqual([
        part,
        args[0],
        6,
        expect.stringMatching(/a part of it is missing|damaged/),
      ]);
      expectPlain(ended);
    }
  }
  expect(await mutations()).toBe(before);
  await writeFile(store(), whole);
  expect((await world.run(["backups", "list"])).stdout).toContain("kept");
});

test("the tail of a killed run's journal that is cut off is missed, nothing before it, and all are thawed", async () => {
  await ask().ask("configure", { set: { delays: { captureMs: 20_000 } } });
  const command = world.start(backup("n"));
  await expect.poll(frozen, { timeout: 20_000 }).toHaveLength(2);
  command.signal("SIGKILL");
  await command.ended;
  await ask().ask("configure", { set: { delays: { captureMs: 0 } } });
  const wal = `${store()}-wal`;
  // In the middle of the last page that was written: a transaction of which a part is missing is none.
  await truncate(wal, (await stat(wal)).size - 1000);
  const list = await world.run(["executions", "list"]);
  expect([list.code, list.stdout]).toEqual([0, expect.stringContaining("shop")]);
  const recovered = await world.run(["recover", "--policy", "continue", "--yes"]);
  expect([recovered.code, recovered.stderr]).toEqual([
    expect.toBeOneOf([0, 3, 12]),
    expect.not.stringMatching(/^\s+at /m),
  ]);
  expect(await frozen()).toEqual([]);
});

test("a journal of a newer release is refused with 2, left as it is, and the way out is told", async () => {
  expect(await world.run(backup("kept"))).toMatchObject({ code: 0 });
  const database = new DatabaseSync(store());
  database.exec("PRAGMA user_version = 99");
  database.close();
  const [before, asked] = [await readFile(store()), await mutations()];
  for (const args of [backup("next"), ["backups", "list"], ["recover"]]) {
    const ended = await world.run(args);
    expect([args[0], ended.code, ended.stderr]).toEqual([
      args[0],
      2,
      expect.stringMatching(/newer.*\n?.*(update|install)/is),
    ]);
    expectPlain(ended);
  }
  expect((await world.run(["doctor"])).stdout).toMatch(/error.*newer/s);
  expect(await readFile(store())).toEqual(before);
  expect(await mutations()).toBe(asked);
});
