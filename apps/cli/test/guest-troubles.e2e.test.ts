import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect, type Libvirt } from "@quiesce/node-libvirt";
import { shopSpec, shopYaml, startWorld, type Ended, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld(shopSpec());
  await world.write("shop.yaml", shopYaml(world.uri).replace("plugin: libvirt,", "plugin: libvirt, agentMs: 1000,"));
});
afterEach(() => world[Symbol.asyncDispose]());

const ask = () => world.sim.control;
const frozen = () => ask().ask("frozen");
const snapshots = async (name: string) => (await ask().ask("domain", { domain: name })).snapshots;
const backup = ["backup", "shop.yaml", "--name", "n", "--kind", "snapshot"];
const sets = async () => (await world.run(["backups", "list", "--json"])).stdout;

/** A failure that a person can read: no stack, and what is frozen now. */
const expectPlain = ({ stderr }: Ended, frozenNow = "none"): void => {
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(stderr).toContain(`Frozen now: ${frozenNow}.`);
};

const within = async (ms: number, work: Promise<Ended>): Promise<Ended> => {
  const startedAt = performance.now();
  const ended = await work;
  expect(performance.now() - startedAt).toBeLessThan(ms);
  return ended;
};

const onFreeze = (times: number | "always", set: { readonly agent: "dead" | "hung" | "running" }) =>
  ask().ask("add-fault", {
    fault: { on: { procedure: "domainFsFreeze", object: "db01", times }, do: { kind: "guest", set } },
  });

describe("the guest agent", () => {
  test("T-05: hangs in the freeze and answers again: the run fails soon, and both guests are thawed", async () => {
    await onFreeze(1, { agent: "hung" });
    const command = world.start(backup);
    const filter = { procedure: "domainFsFreeze", object: "db01" };
    await expect.poll(() => ask().ask("calls", { filter }), { timeout: 20_000 }).toHaveLength(1);
    setTimeout(() => void ask().ask("set-guest", { domain: "db01", set: { agent: "running" } }), 2000);
    const ended = await within(30_000, command.ended);
    expect(ended.code).toBe(1);
    expectPlain(ended);
    expect(ended.stderr).toMatch(/freeze.*db/i);
    expect(await frozen()).toEqual([]);
    expect(await snapshots("web01")).toEqual([]);
  });

  test("T-04: hangs for good: the run ends in bounded time with 20 and tells how to thaw by hand", async () => {
    await onFreeze(1, { agent: "hung" });
    const ended = await within(50_000, world.run([...backup, "--freeze-deadline", "2s"]));
    expect(ended.code).toBe(20);
    expectPlain(ended, "db");
    expect(ended.stderr).toMatch(
      /ALARM: a guest may still be frozen.*\n {2}virsh -c '.*' domfsthaw [0-9a-f-]{36} +\(db\)/,
    );
    expect(await frozen()).not.toContain("web01");
    await ask().ask("set-guest", { domain: "db01", set: { agent: "running" } });
    // The debt stays on record until somebody pays it.
    const recovered = await world.run(["recover", "--debts-only"]);
    expect(recovered).toMatchObject({ code: 0 });
    expect(await frozen()).toEqual([]);
  });

  test("dies before the freeze: nothing is frozen, nothing is captured, and the message names the agent", async () => {
    await onFreeze("always", { agent: "dead" });
    const ended = await within(30_000, world.run(backup));
    expect(ended.code).toBe(1);
    expectPlain(ended);
    expect(ended.stderr).toMatch(/agent/i);
    expect(await frozen()).toEqual([]);
    for (const name of ["db01", "web01"]) expect(await snapshots(name)).toEqual([]);
  });
});

test("T-33: a thaw that fails three times and then works costs nothing but time, and is told", async () => {
  await ask().ask("add-fault", {
    fault: {
      on: { procedure: "domainFsThaw", object: "db01", times: 3 },
      do: {
        kind: "fail",
        error: { code: 68, message: "Timed out during operation: cannot acquire state change lock" },
      },
    },
  });
  const ended = await within(30_000, world.run([...backup, "-o", "ndjson"]));
  expect(ended.code).toBe(0);
  expect(ended.stdout.split("\n").filter((line) => line.includes('"debt.failed"'))).toHaveLength(3);
  expect(await frozen()).toEqual([]);
});

/** Takes away every snapshot of a machine between the daemon's work and its answer: it says yes and has nothing. */
const lieAbout = async (libvirt: Libvirt, domain: string, isOver: () => boolean): Promise<void> => {
  await ask().ask("add-fault", {
    fault: {
      on: { procedure: "domainSnapshotCreateXml", object: domain, times: "always" },
      do: { kind: "delay", when: "after", ms: 700 },
    },
  });
  while (!isOver()) {
    const ref = await libvirt.domains.byName(domain);
    for (const { name } of await snapshots(domain))
      await libvirt.snapshots.delete(await libvirt.snapshots.byName(ref, name)).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

test("a provider that says yes and has nothing: no success, no set, and the other machine's snapshot is kept", async () => {
  const libvirt = await connect(world.uri);
  try {
    const command = world.start(backup);
    let isOver = false;
    const lying = lieAbout(libvirt, "db01", () => isOver);
    const ended = await within(50_000, command.ended);
    isOver = true;
    await lying;
    expect(ended.code).toBe(3);
    expectPlain(ended);
    expect(ended.stderr).toMatch(/db.*accepted the call, but its effect is not to be seen/s);
    expect(await snapshots("db01")).toEqual([]);
    expect(await frozen()).toEqual([]);
    expect(await sets()).toContain('"complete": false');
  } finally {
    await libvirt.close();
  }
});
