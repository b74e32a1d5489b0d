import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { documentOf, killedWhen, killedWhileFrozen, newestRun, runsOf, until } from "./fixture/killed-run.ts";
import { faults } from "./fixture/valid.ts";
import { shopSpec, shopYaml, startWorld, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld(shopSpec());
  await world.write("shop.yaml", shopYaml(world.uri));
});
afterEach(() => world[Symbol.asyncDispose]());

const frozen = () => world.sim.control.ask("frozen");
const fault = (on: object, action: object) =>
  world.sim.control.ask("add-fault", { fault: { on, do: action } as never });
const snapshots = async (name: string) => (await world.sim.control.ask("domain", { domain: name })).snapshots;
const stateOf = async (name: string) => (await world.sim.control.ask("domain", { domain: name })).state;
const backup = ["backup", "shop.yaml", "--name", "n", "--kind", "snapshot"];

interface Recovery {
  readonly exitCode: number;
  readonly runs: readonly {
    readonly runId: string;
    readonly did: string;
    readonly result: { readonly status: string };
  }[];
}

test("a backup that was killed in its window goes on: one recover, all thawed, one snapshot each", async () => {
  const run = await killedWhileFrozen(world, backup);
  const ended = await world.run(["recover", "--json"]);
  const document = documentOf<Recovery>(ended);
  expect(faults("recovery-1", document)).toEqual([]);
  expect(document).toMatchObject({
    exitCode: 0,
    runs: [{ runId: run, did: "continued", result: { status: "succeeded", frozen: [] } }],
  });
  expect(ended.code).toBe(0);
  expect(await frozen()).toEqual([]);
  for (const name of ["db01", "web01"]) expect(await snapshots(name)).toHaveLength(1);
  const again = await world.run(["recover"]);
  expect([again.code, again.stdout]).toEqual([0, "Nothing to recover: every run has ended, and nothing is owed.\n"]);
});

test("it can be taken back instead: thawed, nothing left, and its name is free again", async () => {
  await killedWhileFrozen(world, backup);
  const ended = await world.run(["recover", "--policy", "compensate"]);
  expect(ended.stdout).toContain("what it did was taken back");
  expect(ended.code).toBe(0);
  expect(await frozen()).toEqual([]);
  for (const name of ["db01", "web01"]) expect(await snapshots(name)).toEqual([]);
  expect((await world.run(backup)).code).toBe(0);
});

test("a half-done suspend is taken back: what it suspended runs again", async () => {
  await fault({ procedure: "domainSuspend", object: "db01", times: "always" }, { kind: "no-reply" });
  await killedWhen(
    world,
    ["suspend", "shop.yaml"],
    "web is suspended",
    async () => (await stateOf("web01")) === "paused",
  );
  await world.sim.control.ask("clear-faults");
  const ended = await world.run(["recover", "--policy", "compensate"]);
  expect(ended).toMatchObject({ code: 0 });
  expect([await stateOf("db01"), await stateOf("web01")]).toEqual(["running", "running"]);
});

test("suspend --rollback resumes what it had suspended when it fails", async () => {
  await fault(
    { procedure: "domainSuspend", object: "db01", times: "always" },
    { kind: "fail", error: { code: 1, message: "no" } },
  );
  const ended = await world.run(["suspend", "shop.yaml", "--rollback"]);
  expect(ended.code).toBe(1);
  expect([await stateOf("db01"), await stateOf("web01")]).toEqual(["running", "running"]);
});

test("only the debts: thawed, and the run waits for a decision", async () => {
  const run = await killedWhileFrozen(world, backup);
  const paid = await world.run(["recover", "--debts-only"]);
  expect([paid.code, paid.stdout]).toEqual([0, expect.stringContaining("what it owes was paid; it has not ended")]);
  expect(await frozen()).toEqual([]);
  const asked = await world.run(["recover", "--policy", "ask"]);
  expect(asked.code).toBe(7);
  for (const policy of ["continue", "compensate"])
    expect(asked.stderr).toContain(`quiesce recover ${run} --policy ${policy}`);
  expect((await runsOf(world))[0]).toMatchObject({ status: "running", openDebts: 0 });
});

test("a run that was cancelled after its process died is ended, not gone on with", async () => {
  const run = await killedWhileFrozen(world, backup);
  const cancel = await world.run(["executions", "cancel", run]);
  expect([cancel.code, cancel.stdout]).toEqual([0, expect.stringContaining(`quiesce recover ${run}`)]);
  const ended = await world.run(["recover"]);
  expect([ended.code, ended.stdout]).toEqual([130, expect.stringContaining("cancelled")]);
  expect(await frozen()).toEqual([]);
});

test("a run that works is left alone; named, it is refused with who works on it", async () => {
  await fault({ procedure: "domainSnapshotCreateXml", times: "always" }, { kind: "no-reply" });
  const command = world.start(backup);
  await until("both machines are frozen", async () => (await frozen()).length === 2);
  const run = await newestRun(world);
  const all = await world.run(["recover"]);
  expect([all.code, all.stdout]).toEqual([0, expect.stringContaining(`process ${command.pid} works on it`)]);
  const named = await world.run(["recover", run]);
  expect([named.code, named.stdout]).toEqual([8, expect.stringContaining(`process ${command.pid} works on it`)]);
  expect(await frozen()).toHaveLength(2);
  expect((await world.run(["executions", "show", run])).stdout).toContain("Its process works:");
  command.signal("SIGINT");
  await command.sees("Stopping: no new work is started");
  command.signal("SIGINT");
  await command.ended;
  expect(await frozen()).toEqual([]);
});

test.each([
  ["Ctrl-C", ["SIGINT"], 130],
  ["Ctrl-C twice", ["SIGINT", "SIGINT"], 130],
  ["TERM", ["SIGTERM"], 143],
] as const)("%s while it recovers: the debts are paid all the same", async (_what, signals, code) => {
  await killedWhileFrozen(world, backup, { captureMs: 3000 });
  const command = world.start(["recover"]);
  await command.sees("may be frozen");
  for (const signal of signals) {
    command.signal(signal);
    await command.sees("Stopping");
  }
  const ended = await command.ended;
  expect(ended.code).toBe(code);
  expect(await frozen()).toEqual([]);
});

test("--timeout ends a recovery with exit 11, thawed", async () => {
  await killedWhileFrozen(world, backup, { captureMs: 3000 });
  const ended = await world.run(["recover", "--timeout", "1s"]);
  expect([ended.code, ended.stderr]).toEqual([11, expect.stringContaining("The time of this run is up")]);
  expect(await frozen()).toEqual([]);
});

test("a repository that is not mounted: guests are thawed, the run waits until it is there, and then goes on", async () => {
  await fault({ procedure: "domainBackupBegin", times: "always" }, { kind: "no-reply" });
  const run = await killedWhileFrozen(world, ["backup", "shop.yaml", "--name", "full"]);
  await world.sim.control.ask("clear-faults");
  const [place, elsewhere] = ["repository", "moved"].map((name) => join(world.stateDir, name)) as [string, string];
  await rename(place, elsewhere);
  const waiting = await world.run(["recover"]);
  // What its captures hold waits with it.
  expect([waiting.code, waiting.stdout]).toEqual([13, expect.stringContaining(`not there now (${place})`)]);
  expect(waiting.stderr).toContain(`quiesce recover ${run} --policy continue`);
  expect(await frozen()).toEqual([]);
  const ended = await world.run(["recover", "--repository", elsewhere]);
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining("taken over, succeeded")]);
  expect((await world.run(["backups", "verify", "shop.yaml", "full", "--repository", elsewhere])).code).toBe(0);
});

test("a run that ended with a guest still frozen: recover tries again, and thaws it when that is possible", async () => {
  await fault(
    { procedure: "domainFsThaw", object: "db01", times: "always" },
    { kind: "fail", error: { code: 1, message: "no" } },
  );
  expect((await world.run(backup)).code).toBe(20);
  const still = await world.run(["recover"]);
  expect([still.code, still.stdout]).toEqual([20, expect.stringContaining("what it owes could not all be paid")]);
  await world.sim.control.ask("clear-faults");
  const ended = await world.run(["recover"]);
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining("what it owed was paid")]);
  expect(await frozen()).toEqual([]);
});

test("show and doctor of a dead run: its process is gone, what is frozen now, the next command", async () => {
  const run = await killedWhileFrozen(world, backup);
  const shown = await world.run(["executions", "show", run]);
  expect(shown.stdout).toContain("Its process is gone:");
  expect(shown.stdout).toMatch(/Frozen now: (db, web|web, db)\./);
  expect(shown.stdout).toContain(`Next: quiesce recover ${run}`);
  const document = documentOf<{ readonly process: object }>(await world.run(["executions", "show", run, "--json"]));
  expect(document.process).toMatchObject({ state: "gone" });
  expect(faults("run-1", document)).toEqual([]);
  const { stdout } = await world.run(["doctor", "shop.yaml"]);
  expect(stdout).toContain(`quiesce recover ${run}`);
});
