// One kill for each guard of a recovery: quick enough to be run with the guard switched off, which must turn it red.
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "@quiesce/node-libvirt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { domainOf, type KillWorld } from "./kill-world.ts";
import { freshWorld, scribble } from "./machines.ts";
import { differenceOf, takePicture, type Picture } from "./take-picture.ts";

const timeout = 240_000;

let world: KillWorld;
let before: Picture;

beforeEach(async () => {
  world = await freshWorld();
  before = await takePicture(world);
});
afterEach(() => world[Symbol.asyncDispose]());

const frozen = (): readonly string[] => world.hypervisor.truth.frozen();
const states = (): readonly string[] =>
  world.machines.map((machine) => world.hypervisor.truth.domain(domainOf(machine)).state);
/** All but the record of the run. */
const changes = async (since: Picture): Promise<readonly string[]> =>
  differenceOf(await takePicture(world), since).filter((line) => !line.includes(": run: "));
const die = async (points: RegExp, at: number, ...args: readonly string[]): Promise<void> => {
  const stopped = await world.stopped({ points, at }, args);
  expect(stopped.died).toBe(true);
};
const recover = async (policy: "continue" | "compensate"): Promise<void> => {
  expect(await world.run(["recover", "--yes", "--policy", policy])).toMatchObject({ code: 0 });
};
const until = async (what: string, holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(5)) if (holds()) return;
  throw new Error(`It did not come to this: ${what}.`);
};

test("killed while all five are frozen: they are thawed", { timeout }, async () => {
  await die(/^answered DOMAIN_FSFREEZE/, 5, "backup", "shop.yaml", "--name", "n");
  expect(frozen()).toHaveLength(5);
  await recover("compensate");
  expect(frozen()).toEqual([]);
  expect(await changes(before)).toEqual([]);
});

test("killed between two captures: the window is repeated", { timeout }, async () => {
  await die(/^answered DOMAIN_BACKUP_BEGIN/, 2, "backup", "shop.yaml", "--name", "n");
  await recover("continue");
  const [set] = await world.readStore((store) => store.catalogue.list({}));
  expect(set?.complete).toBe(true);
  expect(new Set(set?.items.map(({ consistency }) => consistency))).toEqual(new Set(["fs"]));
});

test("killed when all are reverted and nobody knows: what was written since is not lost", { timeout }, async () => {
  const { truth } = world.hypervisor;
  const snapshot = ["backup", "shop.yaml", "--name", "n", "--kind", "snapshot", "--quiesce", "off"];
  expect(await world.run(snapshot)).toMatchObject({ code: 0 });
  await die(/^answered DOMAIN_REVERT_TO_SNAPSHOT/, 5, "restore", "shop.yaml", "--name", "n", "--yes");
  for (const machine of world.machines) await scribble(world, machine);
  const since = await Promise.all(world.machines.map((machine) => truth.hashes(domainOf(machine))));
  await recover("continue");
  expect(await Promise.all(world.machines.map((machine) => truth.hashes(domainOf(machine))))).toEqual(since);
});

test(
  "killed with a call on its way that takes effect after the first look: it is not made again",
  { timeout },
  async () => {
    const { truth } = world.hypervisor;
    await die(/^before DOMAIN_SUSPEND/, 1, "suspend", "shop.yaml");
    const [{ seq } = { seq: 0 }] = truth.calls().toReversed();
    const recovering = recover("continue");
    const [object] = truth.calls({ procedure: "domainSetMetadata" }).flatMap((call) => call.object?.name ?? []);
    await until("the machine was looked at", () =>
      truth.calls({ object, afterSeq: seq, procedure: "domainGetState" }).some(({ outcome }) => outcome === "ok"),
    );
    const daemon = await connect(world.uri);
    await daemon.domains.suspend(await daemon.domains.byName(object ?? ""));
    await daemon.close();
    await recovering;
    expect(truth.calls({ procedure: "domainSuspend", object })).toHaveLength(1);
    expect(states()).toEqual(world.machines.map(() => "paused"));
  },
);

test("killed and taken back: what another store made of the same machines stays", { timeout }, async () => {
  const snapshot = ["backup", "shop.yaml", "--name", "n", "--kind", "snapshot"];
  expect(await world.run(snapshot, { QUIESCE_STATE_DIR: `${world.dir}/elsewhere` })).toMatchObject({ code: 0 });
  const theirs = await takePicture(world);
  await die(/^answered DOMAIN_SNAPSHOT_CREATE_XML/, 5, ...snapshot);
  await recover("compensate");
  expect(await changes(theirs)).toEqual([]);
});

test("killed and taken back: what somebody put in the place of ours is not touched", { timeout }, async () => {
  await die(/^answered DOMAIN_SNAPSHOT_CREATE_XML/, 5, "backup", "shop.yaml", "--name", "n", "--kind", "snapshot");
  const snapshots = (): readonly string[] =>
    world.hypervisor.truth.domain(domainOf("db")).snapshots.map(({ name }) => name);
  const [name = "none"] = snapshots();
  const daemon = await connect(world.uri);
  const db = await daemon.domains.byName(domainOf("db"));
  await daemon.snapshots.delete(await daemon.snapshots.byName(db, name));
  await daemon.snapshots.create(db, `<domainsnapshot><name>${name}</name></domainsnapshot>`);
  await daemon.close();
  const { code, stdout, stderr } = await world.run(["recover", "--yes", "--policy", "compensate"]);
  expect(snapshots()).toEqual([name]);
  expect(code).toBe(1);
  expect(`${stdout}${stderr}`).toContain(`The snapshot ${name} of db01 carries no mark of Quiesce`);
});

test("killed: until it is recovered no other deployment works on its machines", { timeout }, async () => {
  await die(/^answered DOMAIN_SUSPEND/, 2, "suspend", "shop.yaml");
  const since = states();
  expect(since).toContain("running");
  expect(await world.run(["suspend", "other.yaml"])).toMatchObject({ code: 8 });
  expect(states()).toEqual(since);
  await recover("compensate");
  expect(await changes(before)).toEqual([]);
});

test("a run that lives is not taken over", { timeout }, async () => {
  const { truth, faults } = world.hypervisor;
  faults.add({ on: { procedure: "domainBackupBegin", times: "always" }, do: { kind: "no-reply" } });
  const running = world.start(["backup", "shop.yaml", "--name", "n"]);
  await until("captures hang", () => truth.calls({ procedure: "domainBackupBegin" }).length === 5);
  const mutations = truth.calls({ mutating: true }).length;
  const [run] = await world.readStore((store) => store.runs({ open: true }));
  const recovery = world.start(["recover", run?.run ?? "none", "--yes", "--policy", "continue"]);
  // One that takes the run over hangs as the run does.
  const soon = setTimeout(() => recovery.signal("SIGKILL"), 30_000);
  expect(await recovery.ended).toMatchObject({ code: 8 });
  clearTimeout(soon);
  expect(truth.calls({ mutating: true })).toHaveLength(mutations);
  running.signal("SIGKILL");
  await running.ended;
  faults.clear();
  await recover("compensate");
  expect(await changes(before)).toEqual([]);
});

test("a recovery that is killed itself is recovered", { timeout }, async () => {
  await die(/^answered DOMAIN_BACKUP_BEGIN/, 3, "backup", "shop.yaml", "--name", "n");
  await die(/^answered DOMAIN_FSFREEZE/, 3, "recover", "--yes", "--policy", "continue");
  expect(frozen()).not.toEqual([]);
  await recover("compensate");
  expect(await changes(before)).toEqual([]);
});
