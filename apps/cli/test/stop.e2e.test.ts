import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "./fixture/killed-run.ts";
import { shopSpec, shopYaml, startWorld, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld(shopSpec());
  await world.write("shop.yaml", shopYaml(world.uri));
});
afterEach(() => world[Symbol.asyncDispose]());

const delays = (set: object) => world.sim.control.ask("configure", { set: { delays: set } });
const frozen = () => world.sim.control.ask("frozen");
const backup = ["backup", "shop.yaml", "--name", "n", "--kind", "snapshot"];
const snapshots = async (name: string) => (await world.sim.control.ask("domain", { domain: name })).snapshots;

const untilFrozen = () => until("both machines are frozen", async () => (await frozen()).length === 2);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s in a frozen window: told at once, all thawed, nothing half made, exit %i", async (signal, code) => {
  await delays({ captureMs: 1500 });
  const command = world.start(backup);
  await untilFrozen();
  command.signal(signal);
  await command.sees("Stopping: no new work is started");
  const ended = await command.ended;
  expect(await frozen()).toEqual([]);
  expect(ended.code).toBe(code);
  expect(ended.stdout).toContain("cancelled");
  expect(ended.stderr).toContain("Frozen now: none.");
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

test("a second Ctrl-C abandons the call in flight, and thaws all the same", async () => {
  // While libvirt takes a snapshot with memory the guest stands still, so that nobody can thaw it before the end.
  await delays({ captureMs: 4000 });
  const command = world.start(backup);
  await untilFrozen();
  command.signal("SIGINT");
  await command.sees("Stopping: no new work is started");
  command.signal("SIGINT");
  await command.sees("Stopping by force");
  const ended = await command.ended;
  expect(await frozen()).toEqual([]);
  expect(ended.code).toBe(130);
  expect(ended.stderr).toMatch(/In doubt: Take snapshot n of db/);
  expect(ended.stderr).toContain("Frozen now: none.");
  expect(ended.stderr).toContain("Not known: whether it was made all the same for db, web.");
});

test("a signal before the run: nothing was changed, and said so", async () => {
  await world.sim.control.ask("add-fault", {
    fault: { on: { procedure: "connectOpen", times: "always" }, do: { kind: "no-reply" } },
  });
  const command = world.start(backup);
  const filter = { procedure: "connectOpen" };
  await until("it connects", async () => (await world.sim.control.ask("calls", { filter })).length > 0);
  command.signal("SIGINT");
  const ended = await command.ended;
  expect(ended.code).toBe(130);
  expect(ended.stderr).toContain("Stopped before anything was changed.");
  expect(await world.sim.control.ask("mutations")).toEqual({});
});

test("a cancel from another process ends the run in an orderly way", async () => {
  await delays({ captureMs: 8000 });
  const command = world.start(backup);
  await untilFrozen();
  const list = await world.run(["executions", "list", "--open", "--json"]);
  const [run] = (JSON.parse(list.stdout) as { readonly runs: readonly { readonly run: string }[] }).runs;
  expect((await world.run(["executions", "cancel", run?.run ?? "none"])).code).toBe(0);
  await command.sees("Cancelled from another process.");
  const ended = await command.ended;
  expect(ended.code).toBe(130);
  expect(await frozen()).toEqual([]);
  const again = await world.run(["executions", "cancel", run?.run ?? "none"]);
  expect([again.code, again.stderr]).toEqual([5, expect.stringContaining("has ended already, as cancelled")]);
});

test("--timeout ends a run with exit 11, thawed", async () => {
  await delays({ captureMs: 4000 });
  const ended = await world.run([...backup, "--timeout", "1s"]);
  expect(ended.stderr).toContain("The time of this run is up");
  expect(ended.code).toBe(11);
  expect(await frozen()).toEqual([]);
});

test("a second run on the same machines is refused before it freezes anything", async () => {
  // A capture that never answers: the first run holds its locks as long as the test needs.
  await world.sim.control.ask("add-fault", {
    fault: { on: { procedure: "domainSnapshotCreateXml", times: "always" }, do: { kind: "no-reply" } },
  });
  const first = world.start(backup);
  const filter = { procedure: "domainSnapshotCreateXml" };
  await until("both captures hang", async () => (await world.sim.control.ask("calls", { filter })).length === 2);
  await world.write("other.yaml", shopYaml(world.uri).replace("name: shop", "name: other"));
  const args = ["--name", "second", "--kind", "snapshot", "--quiesce", "off"];
  const before = await world.sim.control.ask("mutations");
  for (const file of ["shop.yaml", "other.yaml"]) {
    const second = await world.run(["backup", file, ...args]);
    expect(second).toMatchObject({
      code: 8,
      stderr: expect.stringMatching(/^Run \S+ of \S+, process \d+ works on (deployment|object)\//),
    });
  }
  expect(await world.sim.control.ask("mutations")).toEqual(before);
  first.signal("SIGINT");
  await first.sees("Stopping: no new work is started");
  first.signal("SIGINT");
  expect((await first.ended).code).toBe(130);
  expect(await frozen()).toEqual([]);
});

test("a reader that goes away does not end the run", async () => {
  await delays({ captureMs: 800 });
  const bin = new URL("../bin/quiesce.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [bin, ...backup, "-o", "ndjson"], {
    cwd: world.dir,
    env: { PATH: process.env["PATH"], HOME: world.dir, QUIESCE_STATE_DIR: world.stateDir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  child.stderr.destroy();
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
  expect(await frozen()).toEqual([]);
  expect(await snapshots("db01")).toHaveLength(1);
});

test("a thaw that the provider refuses for good is an alarm with the way to thaw by hand", async () => {
  await world.sim.control.ask("add-fault", {
    fault: {
      on: { procedure: "domainFsThaw", object: "db01", times: "always" },
      do: { kind: "fail", error: { code: 1, message: "no" } },
    },
  });
  const ended = await world.run([...backup, "--freeze-deadline", "3s"]);
  expect(ended.code).toBe(20);
  expect(ended.stderr).toMatch(
    /ALARM: a guest may still be frozen.*\n {2}virsh -c '.*' domfsthaw [0-9a-f-]{36} +\(db\)/,
  );
  expect(ended.stderr).toContain("Frozen now: db.");
  const { code, stdout } = await world.run(["doctor", "shop.yaml"]);
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/error +db: may be frozen since .*, (overdue|its run has ended)/),
  ]);
});

test("a process that is killed in a frozen window: the doctor names the guests and how to thaw them", async () => {
  await delays({ captureMs: 20_000 });
  const command = world.start([...backup, "--freeze-deadline", "1s"]);
  await untilFrozen();
  command.signal("SIGKILL");
  await command.ended;
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const { code, stdout } = await world.run(["doctor"]);
  expect(code).toBe(1);
  for (const instance of ["db", "web"])
    expect(stdout).toMatch(
      new RegExp(
        `error +${instance}: may be frozen since .*overdue.*\\n +quiesce recover \\S+; or by hand: virsh -c .* domfsthaw .*\\(${instance}\\)`,
      ),
    );
  expect(stdout).toMatch(/warning +shop: backup \S+ of \S+ has not ended, and its process is gone/);
});
