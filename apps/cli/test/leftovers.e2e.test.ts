import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { asId, type DeploymentId, type InstanceId, type RunId } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { openStore } from "@quiesce/runtime-sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { documentOf, killedWhileFrozen, newestRun } from "./fixture/killed-run.ts";
import { faults } from "./fixture/valid.ts";
import { shopSpec, shopYaml, startWorld, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  // A snapshot of the user's own that looks like one of ours.
  const own = { snapshots: [{ name: "quiesce-n-00000000", description: "mine" }] };
  world = await startWorld(
    shopSpec({ pools: [{ name: "images" }], domains: [{ name: "db01", ...own }, { name: "web01" }] }),
  );
  await world.write("shop.yaml", shopYaml(world.uri));
});
afterEach(() => world[Symbol.asyncDispose]());

// libvirt calls it unsupported, which is final: nobody tries again or looks.
const refusal = { kind: "fail", when: "after", error: { code: 67, message: "no" } } as const;
const fault = (
  procedure: "domainSnapshotCreateXml" | "domainSnapshotDelete" | "domainListAllSnapshots",
  does: object,
) =>
  world.sim.control.ask("add-fault", {
    fault: { on: { procedure, object: "db01", times: "always" }, do: does } as never,
  });
const snapshots = async (name: string) =>
  (await world.sim.control.ask("domain", { domain: name })).snapshots.map((one) => one.name);
const backup = (name: string) => ["backup", "shop.yaml", "--name", name, "--kind", "snapshot"];

interface Leftovers {
  readonly leftovers: readonly {
    readonly id: string;
    readonly name: string;
    readonly verdict: string;
    readonly run: string;
  }[];
  readonly unlooked: readonly object[];
}
const list = async (...more: readonly string[]) => {
  const ended = await world.run(["leftovers", "list", "--json", ...more]);
  const document = documentOf<Leftovers>(ended);
  expect(faults("leftovers-1", document)).toEqual([]);
  return { code: ended.code, ...document };
};

/** A snapshot of db that libvirt made and called failed, and that it does not let go. */
const leaveOne = async (): Promise<void> => {
  await fault("domainSnapshotCreateXml", refusal);
  await fault("domainSnapshotDelete", { ...refusal, when: "before" });
  const ended = await world.run(backup("n"));
  expect([ended.code, ended.stderr]).toEqual([13, expect.stringContaining("quiesce leftovers list")]);
  await world.sim.control.ask("clear-faults");
};

test("what a run could not remove is listed, and cleaned after a yes; nothing else is", async () => {
  expect(await list()).toMatchObject({ code: 0, leftovers: [], unlooked: [] });
  await leaveOne();
  const { code, leftovers } = await list();
  expect([code, leftovers]).toEqual([13, [expect.objectContaining({ verdict: "left-over" })]]);
  const unasked = await world.run(["leftovers", "clean"]);
  expect([unasked.code, unasked.stderr]).toEqual([7, expect.stringContaining(leftovers[0]?.id ?? "none")]);
  expect(await snapshots("db01")).toHaveLength(2);
  const cleaned = await world.run(["leftovers", "clean", "--yes"]);
  expect([cleaned.code, cleaned.stdout]).toEqual([0, "1 of 1 leftover(s) removed.\n"]);
  expect(await snapshots("db01")).toEqual(["quiesce-n-00000000"]);
  // What the catalogue names stays.
  expect(await snapshots("web01")).toHaveLength(1);
});

test("T-17: a listing that fails cleans nothing, whatever else was found", async () => {
  await leaveOne();
  const mutations = await world.sim.control.ask("mutations");
  await fault("domainListAllSnapshots", { ...refusal, when: "before" });
  const ended = await world.run(["leftovers", "clean", "--yes"]);
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining("so nothing was removed")]);
  expect((await list()).code).toBe(1);
  expect(await world.sim.control.ask("mutations")).toEqual(mutations);
});

test("another store's objects are shown on request only, and never cleaned; foreign ones are never shown", async () => {
  const other = { QUIESCE_STATE_DIR: join(world.dir, "other") };
  expect((await world.run(backup("theirs"), other)).code).toBe(0);
  expect((await world.run(backup("ours"))).code).toBe(0);
  expect(await list()).toMatchObject({ code: 0, leftovers: [] });
  const { code, leftovers } = await list("--all-stores");
  expect(code).toBe(0);
  expect(leftovers.map(({ verdict }) => verdict)).toEqual(["other-store", "other-store"]);
  const theirs = leftovers.find(({ name }) => name.includes("theirs"))?.id ?? "none";
  const refused = await world.run(["leftovers", "clean", theirs, "--yes"]);
  expect([refused.code, refused.stderr]).toEqual([
    5,
    expect.stringMatching(/made by the store \S+\. Nothing was removed/),
  ]);
  expect((await world.run(["leftovers", "adopt", theirs])).code).toBe(5);
  expect((await world.run(["leftovers", "clean", "quiesce-n-00000000", "--yes"])).code).toBe(9);
  expect(await snapshots("web01")).toHaveLength(2);
  expect(await snapshots("db01")).toHaveLength(3);
});

test("what a restore kept for its way back is no leftover, and neither is what it restored", async () => {
  const web = ["--include-instances", "web"];
  expect((await world.run(["backup", "shop.yaml", "--name", "full", ...web])).code).toBe(0);
  expect((await world.run(["restore", "shop.yaml", "--name", "full", "--yes", ...web])).code).toBe(0);
  const points = await world.run(["backups", "recovery-points", "--json"]);
  expect(documentOf<{ readonly recoveryPoints: readonly object[] }>(points).recoveryPoints).not.toEqual([]);
  expect(await list()).toMatchObject({ code: 0, leftovers: [] });
  expect(await world.run(["restore", "shop.yaml", "--undo", "--yes"])).toMatchObject({ code: 0 });
  expect(await list()).toMatchObject({ code: 0, leftovers: [] });
});

test("what a dead run made is not cleaned: it is recovered", async () => {
  await killedWhileFrozen(world, backup("n"));
  const { code, leftovers } = await list();
  expect(leftovers.every(({ verdict }) => verdict === "unfinished")).toBe(true);
  expect([0, 13]).toContain(code);
  const before = await snapshots("web01");
  await world.run(["leftovers", "clean", "--yes"]);
  expect(await snapshots("web01")).toEqual(before);
});

test("a set that the catalogue lost is taken back into it from the journal, and can be restored", async () => {
  expect((await world.run(backup("n"))).code).toBe(0);
  const run = await newestRun(world);
  const db = new DatabaseSync(join(world.stateDir, "quiesce.db"));
  db.exec("DELETE FROM backup_item; DELETE FROM backup");
  db.close();
  expect((await list()).leftovers.map((one) => [one.run, one.verdict])).toEqual([
    [run, "left-over"],
    [run, "left-over"],
  ]);
  const ended = await world.run(["leftovers", "adopt", run]);
  expect([ended.code, ended.stdout]).toEqual([
    0,
    expect.stringContaining("snapshot n of shop is in the catalogue again"),
  ]);
  expect((await world.run(["backups", "show", "shop.yaml", "n"])).stdout).toMatch(/^RESTORABLE yes/);
  expect((await list()).leftovers).toEqual([]);
});

test("content whose journal does not tell what it holds is not adopted, and why is said", async () => {
  await leaveOne();
  const [one] = (await list()).leftovers;
  const ended = await world.run(["leftovers", "adopt", one?.id ?? "none"]);
  expect([ended.code, ended.stderr]).toEqual([5, expect.stringContaining("cannot be taken into the catalogue")]);
});

test("a set without a manifest in the repository: cleaned when its run has ended; of an unknown run only by name", async () => {
  await leaveOne();
  await world.run(["leftovers", "clean", "--yes"]);
  const store = await openStore(join(world.stateDir, "quiesce.db"));
  const { id } = store;
  await store.close();
  const run = await newestRun(world);
  await mkdir(world.stateDir, { recursive: true });
  const repository = await openRepository(join(world.stateDir, "repository"));
  const put = async (name: string, of: string): Promise<void> => {
    const tag = { store: id, deployment: asId<DeploymentId>("shop"), run: asId<RunId>(of) };
    const place = { tag, backup: { name, kind: "backup" as const }, instance: asId<InstanceId>("db") };
    await repository.folder(place).putFile("domain.xml", new TextEncoder().encode("<domain/>"));
  };
  await put("late", "20200101T000000Z-unknown");
  const { leftovers } = await list();
  expect(leftovers.map((one) => one.verdict)).toEqual(["unknown-run"]);
  expect((await world.run(["leftovers", "clean", "--yes"])).code).toBe(13);
  const named = await world.run(["leftovers", "clean", leftovers[0]?.id ?? "none", "--yes"]);
  expect([named.code, named.stdout]).toEqual([0, "1 of 1 leftover(s) removed.\n"]);
  expect((await list()).leftovers).toEqual([]);
  // The failed run keeps a part of its set in the catalogue, so its folder is named.
  await put("n", run);
  expect((await list()).leftovers).toEqual([]);
});
