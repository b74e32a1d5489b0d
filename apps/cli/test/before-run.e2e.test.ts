import { join } from "node:path";
import { spawnSimulator } from "@quiesce/sim-libvirt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { killedWhen, killedWhileFrozen } from "./fixture/killed-run.ts";
import { shopSpec, shopYaml, startWorld, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld(shopSpec({ domains: [{ name: "db01" }, { name: "web01" }, { name: "crm01" }] }));
  await world.write("shop.yaml", shopYaml(world.uri));
  await world.write("crm.yaml", crmYaml(world.uri));
});
afterEach(() => world[Symbol.asyncDispose]());

const crmYaml = (uri: string): string => `quiesce: 1
name: crm
providers:
  hv1: { plugin: libvirt, uri: "${uri}" }
instances:
  crm: { provider: hv1, kind: vm, id: crm01 }
`;
const frozen = () => world.sim.control.ask("frozen");
const calls = async () => (await world.sim.control.ask("calls", {})).length;
const fault = (on: object, action: object) =>
  world.sim.control.ask("add-fault", { fault: { on, do: action } as never });
const snapshots = async (name: string) => (await world.sim.control.ask("domain", { domain: name })).snapshots;
const backup = (file: string, name: string) => ["backup", file, "--name", name, "--kind", "snapshot"];

test("a new run pays first what a dead one owes, says so, and names the one that has not ended", async () => {
  const dead = await killedWhileFrozen(world, backup("shop.yaml", "n"));
  const ended = await world.run(backup("shop.yaml", "m"));
  expect(ended.stderr).toContain("may be frozen: ");
  expect(ended.stderr).toContain(`has not ended, and its process is gone: quiesce recover ${dead}`);
  expect(ended.code).toBe(0);
  expect(await frozen()).toEqual([]);
  const crm = await world.run(backup("crm.yaml", "m"));
  expect([crm.code, crm.stderr]).toEqual([0, expect.not.stringContaining(dead)]);
});

test("a debt that cannot be paid: its machine is not worked on (20), another deployment's run is not kept", async () => {
  const dead = await killedWhileFrozen(world, backup("shop.yaml", "n"));
  await fault(
    { procedure: "domainFsThaw", object: "db01", times: "always" },
    { kind: "fail", error: { code: 1, message: "no" } },
  );
  const refused = await world.run([...backup("shop.yaml", "m"), "--quiesce", "off"]);
  expect(refused.code).toBe(20);
  expect(refused.stderr).toMatch(/ALARM: .*db \(frozen, by run /);
  expect(refused.stderr).toMatch(/Thaw it by hand: virsh .* domfsthaw/);
  expect(refused.stderr).toContain(`quiesce recover ${dead}`);
  // The other guest's payment did not wait for it.
  expect(await frozen()).toEqual(["db01"]);
  expect((await snapshots("db01")).filter(({ name }) => name.startsWith("quiesce-m-"))).toEqual([]);
  const other = await world.run(backup("crm.yaml", "m"));
  expect([other.code, other.stderr]).toEqual([0, expect.stringContaining("db may be frozen")]);
  expect(await snapshots("crm01")).toHaveLength(1);
  const recover = await world.run(["recover"]);
  expect([recover.code, recover.stderr]).toEqual([20, expect.stringContaining("Frozen now: db.")]);
});

test("a host that does not answer keeps no run on another host: its debts are paid meanwhile", async () => {
  await killedWhileFrozen(world, backup("shop.yaml", "n"));
  // The first try of each thaw is lost: it is given up after its deadline of ten seconds.
  await world.sim.control.ask("add-fault", {
    fault: { on: { procedure: "domainFsThaw", times: 2 }, do: { kind: "no-reply" } },
  });
  const host = await spawnSimulator(join(world.dir, "other"), {
    hosts: [{ name: "hv2", domains: [{ name: "crm01" }] }],
  });
  try {
    await world.write("crm.yaml", crmYaml(host.hosts[0]?.uri ?? "none"));
    const ended = await world.run(backup("crm.yaml", "m"));
    expect(ended.code).toBe(0);
    const told = ended.stderr;
    expect(told).toContain("thaw  payment 1 failed");
    expect(told.indexOf("crm  -  backup  succeeded")).toBeLessThan(told.indexOf("thaw  payment 1 failed"));
    expect(await frozen()).toEqual([]);
  } finally {
    await host.stop();
  }
});

test("commands that only look pay nothing and ask nobody; a plan pays nothing", async () => {
  const run = await killedWhileFrozen(world, backup("shop.yaml", "n"));
  const before = await calls();
  const looks = [
    ["executions", "list"],
    ["executions", "show", run],
    ["executions", "events", run],
    ["events"],
    ["executions", "cancel", run],
    ["backups", "list"],
    ["deployments", "list"],
    ["deployments", "show", "shop.yaml"],
    ["deployments", "validate", "shop.yaml"],
    ["config", "show"],
    ["plugins", "list"],
    ["capabilities"],
  ];
  for (const look of looks) expect([look, (await world.run(look)).code]).toEqual([look, 0]);
  expect(await calls()).toBe(before);
  const mutations = await world.sim.control.ask("mutations");
  for (const plan of [
    ["plan", "resume", "shop.yaml"],
    ["resume", "shop.yaml", "--dry-run"],
    ["doctor", "shop.yaml"],
  ])
    await world.run(plan);
  expect(await world.sim.control.ask("mutations")).toEqual(mutations);
  expect(await frozen()).toHaveLength(2);
});

test("a dead run that owes nothing holds its machines until its lease ends: the refusal says how to go on", async () => {
  await fault({ procedure: "domainSuspend", object: "db01", times: "always" }, { kind: "no-reply" });
  const stateOf = async (name: string) => (await world.sim.control.ask("domain", { domain: name })).state;
  const suspended = async () => (await stateOf("web01")) === "paused";
  const dead = await killedWhen(world, ["suspend", "shop.yaml"], "web is suspended", suspended);
  await world.sim.control.ask("clear-faults");
  const refused = await world.run(["resume", "shop.yaml"]);
  expect([refused.code, refused.stderr]).toEqual([8, expect.stringContaining("But its process is gone.")]);
  expect(refused.stderr).toContain(`quiesce recover ${dead}`);
  expect((await world.run(["recover"])).code).toBe(0);
  expect((await world.run(["resume", "shop.yaml"])).code).toBe(0);
  expect([await stateOf("db01"), await stateOf("web01")]).toEqual(["running", "running"]);
});
