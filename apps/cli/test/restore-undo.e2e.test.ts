import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faults } from "./fixture/valid.ts";
import { shopSpec, shopYaml, startWorld, type World } from "./fixture/world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld(shopSpec({ pools: [{ name: "default" }] }));
  await world.write("shop.yaml", shopYaml(world.uri));
  await world.run(["deployments", "add", "shop.yaml"]);
});
afterAll(() => world[Symbol.asyncDispose]());

const ok = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await world.run(args);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};
const runOf = async (...args: string[]): Promise<string> => {
  const document = JSON.parse(await ok(...args, "--yes", "--json")) as { readonly runId: string };
  expect(faults("run-1", document)).toEqual([]);
  return document.runId;
};
const write = (text: string) =>
  world.sim.control.ask("guest-write", { domain: "db01", target: "vda", offset: 0, text });
const hash = async () => (await world.sim.control.ask("hashes", { domain: "db01" }))["vda"];
const volumes = async () => (await world.sim.control.ask("volumes")).map(({ name }) => name).toSorted();
const points = async () =>
  (JSON.parse(await ok("backups", "recovery-points", "shop", "--json")) as { recoveryPoints: { run: string }[] })
    .recoveryPoints;

test("a restore that is taken back leaves all as it was; one that is committed leaves no old disk", async () => {
  await runOf("backup", "shop", "--name", "monday");
  const monday = await hash();
  await write("tuesday's orders");
  const tuesday = await hash();
  const before = await volumes();

  const first = await runOf("restore", "shop", "--name", "monday");
  expect(await hash()).toBe(monday);
  expect(await points()).toMatchObject([
    {
      run: first,
      instance: expect.any(String),
      is: "old-disks",
      bytes: expect.any(Number),
      backup: { name: "monday" },
    },
    { run: first, deployment: "shop" },
  ]);
  expect(await ok("backups", "recovery-points")).toMatch(/old disks +\d+\.\d .iB/);

  // A look changes nothing; without --yes nobody is there to be asked.
  const plan = JSON.parse(await ok("restore", "shop", "--undo", "--dry-run", "--json")) as unknown;
  expect(faults("plan-1", plan)).toEqual([]);
  expect(JSON.stringify(plan)).toMatch(/Take back the restore of db .* from backup monday/);
  const unasked = await world.run(["restore", "shop", "--undo"]);
  expect(unasked).toMatchObject({ code: 7, stderr: expect.stringMatching(/takes back the restore of db, web/) });
  expect(await hash()).toBe(monday);

  await runOf("restore", "shop", "--undo");
  expect(await hash()).toBe(tuesday);
  expect(await volumes()).toEqual(before);
  expect(await points()).toEqual([]);
});

test("restored twice: the newer one goes first; then one machine is kept, and the other taken back", async () => {
  await runOf("backup", "shop", "--name", "again");
  const second = await runOf("restore", "shop", "--name", "again");
  await runOf("restore", "shop", "--name", "again");
  const older = await world.run(["restore", "shop", "--undo", second, "--yes"]);
  expect(older).toMatchObject({ code: 5, stderr: expect.stringMatching(/restored again by run/) });
  await runOf("restore", "shop", "--undo");
  expect((await points()).map(({ run }) => run)).toEqual([second, second]);
  const restored = await hash();
  await runOf("restore", "shop", "--commit", second, "--include-instances", "db");
  expect(await hash()).toBe(restored);
  expect(await volumes()).not.toContain("db01-vda.qcow2");
  await runOf("restore", "shop", "--undo", second);
  expect(await points()).toEqual([]);
  expect((await volumes()).filter((name) => name.startsWith("web"))).toEqual(["web01-vda.qcow2"]);
  const after = await ok("backup", "shop", "--name", "after", "--incremental", "--dry-run");
  expect(after.match(/full, because a restore of it was taken back/g)).toHaveLength(4);
});

test("a saved plan of an undo is run exactly, also when its set is gone", async () => {
  await runOf("backup", "shop", "--name", "plan");
  await write("wednesday");
  const wednesday = await hash();
  await runOf("restore", "shop", "--name", "plan");
  await ok("plan", "restore", "shop", "--undo", "--out", "undo.json");
  await runOf("remove-backup", "shop", "--name", "plan");
  expect(JSON.parse(await readFile(join(world.dir, "undo.json"), "utf8"))).toBeTypeOf("object");
  await runOf("apply", "undo.json");
  expect(await hash()).toBe(wednesday);
});

test.each([
  [["restore", "shop"], 2, /needs the name of a set/],
  [["restore", "shop", "--undo", "--name", "monday"], 2, /--undo and --name/],
  [["restore", "shop", "--commit", "x", "--as", "twin"], 2, /--commit and --as/],
  [["restore", "shop", "--undo", "--commit", "x"], 2, /--undo and --commit|no run/],
  [["restore", "shop", "--undo", "no-such-run"], 9, /no run "no-such-run"/],
  [["restore", "shop", "--undo", "--yes"], 9, /No restore of deployment shop has a way back/],
])("%j is refused with %i", async (args, code, message) => {
  const ended = await world.run(args);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: expect.stringMatching(message) });
});
