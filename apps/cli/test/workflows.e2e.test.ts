import { afterAll, beforeAll, expect, test } from "vitest";
import { faults } from "./fixture/valid.ts";
import { shopSpec, shopYaml, startWorld, type Ended, type World } from "./fixture/world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld(shopSpec());
  await world.write("shop.yaml", shopYaml(world.uri, "  lan: { provider: hv1, kind: network, id: lan }\n"));
  await world.run(["deployments", "add", "shop.yaml"]);
});
afterAll(() => world[Symbol.asyncDispose]());

interface Row {
  readonly instance: string;
  readonly operation: string;
  readonly status: string;
  readonly consistency?: string;
  readonly freezeWindowMs?: number;
}

const resultOf = ({ stdout, stderr, code }: Ended) => {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const document = JSON.parse(stdout) as { readonly status: string; readonly instances: readonly Row[] };
  expect(faults("run-1", document)).toEqual([]);
  return document;
};

const domain = (name: string) => world.sim.control.ask("domain", { domain: name });
const states = async () => [(await domain("db01")).state, (await domain("web01")).state];
const write = (name: string, text: string) =>
  world.sim.control.ask("guest-write", { domain: name, target: "vda", offset: 0, text });
const hash = async (name: string) => (await world.sim.control.ask("hashes", { domain: name }))["vda"];

test("suspend twice and resume twice: machines rest and run again, one that was off stays off", async () => {
  await world.sim.control.ask("add-domain", { spec: { name: "off01", state: "shutoff" } });
  await world.write("with-off.yaml", shopYaml(world.uri, "  off: { provider: hv1, kind: vm, id: off01 }\n"));
  for (let time = 0; time < 2; time += 1) {
    resultOf(await world.run(["suspend", "with-off.yaml", "--json"]));
    expect(await states()).toEqual(["paused", "paused"]);
    expect((await domain("off01")).state).toBe("shutoff");
  }
  for (let time = 0; time < 2; time += 1) {
    resultOf(await world.run(["resume", "with-off.yaml", "--json"]));
    expect(await states()).toEqual(["running", "running"]);
    expect((await domain("off01")).state).toBe("shutoff");
  }
});

test("backup, loss, restore, removal: the content is what it was, nothing stays frozen, nothing is left", async () => {
  await write("db01", "orders of monday");
  const before = await hash("db01");
  const made = resultOf(await world.run(["backup", "shop", "--name", "nightly", "--kind", "snapshot", "--json"]));
  expect(made.status).toBe("succeeded");
  const frozen = made.instances.filter(({ operation, status }) => operation === "freeze" && status === "succeeded");
  expect(frozen.map(({ instance }) => instance).sort()).toEqual(["db", "web"]);
  const captured = made.instances.find(
    ({ instance, operation }) => instance === "db" && operation === "snapshot.create",
  );
  expect(captured).toMatchObject({ status: "succeeded", consistency: "fs" });
  expect(captured?.freezeWindowMs).toBeGreaterThan(0);
  expect(await world.sim.control.ask("frozen")).toEqual([]);
  // One window each, and the other machine was still frozen when it began.
  expect((await domain("db01")).freezeWindows).toHaveLength(1);

  await write("db01", "scribbled over!!");
  expect(await hash("db01")).not.toBe(before);
  const shown = await world.run(["backups", "show", "shop", "nightly"]);
  expect(shown.stdout).toMatch(/^RESTORABLE yes: /);
  expect(shown.stdout).toContain("Restore: quiesce restore shop --name nightly --kind snapshot");

  resultOf(await world.run(["restore", "shop", "--name", "nightly", "--yes", "--json"]));
  expect(await hash("db01")).toBe(before);
  expect(await states()).toEqual(["running", "running"]);
  expect(await world.sim.control.ask("frozen")).toEqual([]);

  resultOf(await world.run(["remove-backup", "shop", "--name", "nightly", "--yes", "--json"]));
  expect((await domain("db01")).snapshots).toEqual([]);
  expect((await domain("web01")).snapshots).toEqual([]);
  expect(JSON.parse((await world.run(["backups", "list", "--json"])).stdout)).toMatchObject({ backups: [] });
});

test("a plan changes nothing, and a saved one runs exactly", async () => {
  const calls = async () => JSON.stringify(await world.sim.control.ask("mutations"));
  const before = await calls();
  const args = ["backup", "shop", "--name", "planned", "--kind", "snapshot"];
  const planned = await world.run(["plan", ...args, "--json"]);
  expect(faults("plan-1", JSON.parse(planned.stdout))).toEqual([]);
  const dry = await world.run([...args, "--dry-run", "--json"]);
  expect(JSON.parse(dry.stdout)).toEqual(JSON.parse(planned.stdout));
  expect((await world.run([...args, "--dry-run"])).stdout).toContain("nothing was changed");
  expect((await world.run(["plan", ...args, "--out", "plan.json"])).code).toBe(0);
  expect(await calls()).toBe(before);

  resultOf(await world.run(["apply", "plan.json", "--json"]));
  expect((await domain("db01")).snapshots).toHaveLength(1);
  expect((await world.run(["apply", "plan.json"])).code).toBe(9);
  resultOf(await world.run(["remove-backup", "shop", "--name", "planned", "--yes", "--json"]));
});

test("a stale plan is refused with what is different", async () => {
  await world.run(["plan", "suspend", "shop", "--out", "suspend.json"]);
  resultOf(await world.run(["suspend", "shop", "--include-instances", "db", "--json"]));
  const { code, stderr } = await world.run(["apply", "suspend.json"]);
  expect(code).toBe(5);
  expect(stderr).toMatch(/The plan is stale.*\n {2}db: state was running .*, is paused/);
  expect(await states()).toEqual(["paused", "running"]);
  resultOf(await world.run(["resume", "shop", "--json"]));
});

test("an edited plan is refused", async () => {
  await world.run(["plan", "suspend", "shop", "--out", "edited.json"]);
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(`${world.dir}/edited.json`, "utf8");
  await world.write("edited.json", text.replace('"Suspend db', '"Suspend  db'));
  const { code, stderr } = await world.run(["apply", "edited.json"]);
  expect([code, stderr]).toEqual([5, expect.stringContaining("its digest does not fit")]);
});

test("events as they happen, each as its schema says, the result last; the journal tells the same later", async () => {
  const { code, stdout } = await world.run(["suspend", "shop", "-o", "ndjson"]);
  expect(code).toBe(0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; run?: string });
  for (const line of lines) expect(faults("event-1", line)).toEqual([]);
  expect(lines[0]?.type).toBe("run.started");
  expect(lines.at(-1)).toMatchObject({ type: "result", exitCode: 0, result: { status: "succeeded" } });
  const run = lines[0]?.run ?? "";
  const told = await world.run(["executions", "events", run, "-o", "ndjson"]);
  for (const line of told.stdout.trim().split("\n")) expect(faults("event-1", JSON.parse(line))).toEqual([]);
  const shown = await world.run(["executions", "show", run, "--json"]);
  expect(resultOf(shown).status).toBe("succeeded");
  expect((await world.run(["executions", "list", "shop"])).stdout).toContain(run);
  resultOf(await world.run(["resume", "shop", "--json"]));
});

test("selectors find machines when the plan is made; too few are refused", async () => {
  const selecting = (expected: string) =>
    `quiesce: 1\nname: chosen\nproviders:\n  hv1: { plugin: libvirt, uri: "${world.uri}" }\nselectors:\n` +
    `  all: { provider: hv1, kind: vm, select: { name: ["db*", "web*"] }, expect: "${expected}" }\n`;
  await world.write("chosen.yaml", selecting("2"));
  const planned = await world.run(["plan", "suspend", "chosen.yaml"]);
  expect([planned.code, planned.stdout]).toEqual([
    0,
    expect.stringMatching(/Suspend all\/db01 (.|\n)*Suspend all\/web01 |Suspend all\/web01 (.|\n)*Suspend all\/db01 /),
  ]);
  await world.write("chosen.yaml", selecting(">=3"));
  const refused = await world.run(["plan", "suspend", "chosen.yaml"]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(/The selectors of .*chosen\.yaml do not find what they should\.\n.*all/);
});

test("a deployment file can be made from what a provider has, and is valid", async () => {
  const found = await world.run(["deployments", "discover", "--plugin", "libvirt", "--set", `uri=${world.uri}`]);
  expect(found.code).toBe(0);
  await world.write("found.yaml", found.stdout);
  const shown = await world.run(["deployments", "show", "found.yaml", "--json"]);
  const { instances } = JSON.parse(shown.stdout) as { readonly instances: Record<string, { readonly kind: string }> };
  expect(Object.entries(instances).map(([id, { kind }]) => `${kind} ${id}`)).toEqual(
    expect.arrayContaining(["vm db01", "vm web01", "network lan"]),
  );
  expect((await world.run(["plan", "backup", "found.yaml", "--kind", "snapshot"])).code).toBe(0);
  const listed = await world.run(["deployments", "discover", "shop"]);
  expect(listed.stdout).toMatch(/^hv1 +vm +db01 +[0-9a-f-]{36} +db$/m);
  const secret = await world.run(["deployments", "discover", "--plugin", "libvirt", "--set", "password=c4n4ry"]);
  expect([secret.code, secret.stderr]).toEqual([2, expect.not.stringContaining("c4n4ry")]);
});
