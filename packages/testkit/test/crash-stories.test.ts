import { describe, expect, test } from "vitest";
import { asId, type Plan, type Recorded, type RunId, type RunSummary, type Store } from "@quiesce/core";
import { plannedWorld, type PlannedWorld } from "./planned-world.ts";

type Commit = { readonly nth: number; readonly events: readonly Recorded[] };

/** The store of a process that dies at a commit, before or after it: from then on no call of it comes back. */
const dying = (store: Store, isFatal: (commit: Commit) => "before" | "after" | undefined) => {
  let died = (): void => {};
  const death = new Promise<"died">((resolve) => {
    died = () => resolve("died");
  });
  let [nth, isDead] = [0, false];
  const forEver = new Promise<never>(() => {});
  const dead: Store = {
    ...store,
    renew: async (...given) => (isDead ? await forEver : await store.renew(...given)),
    commit: async (claim, events) => {
      if (isDead) await forEver;
      const fatal = isFatal({ nth: (nth += 1), events });
      if (fatal === "before") isDead = true;
      else await store.commit(claim, events);
      isDead ||= fatal === "after";
      if (!isDead) return;
      died();
      await forEver;
    },
  };
  return { store: dead, death };
};

const r1 = asId<RunId>("r1");
const mutating = /^(freeze|thaw|snapshot|remove|power|make-scratch|begin|end|drop-scratch|drop-point) /;
const frozen = ({ cloud }: PlannedWorld) => [...cloud.vms.values()].filter((vm) => vm.frozen).map(({ id }) => id);

/** Runs until it dies; false when it came to its end alive. */
const diesIn = async (world: PlannedWorld, plan: Plan, isFatal: Parameters<typeof dying>[1]): Promise<boolean> => {
  const { store, death } = dying(world.store, isFatal);
  const { result } = await world.start(plan, store);
  return (await world.clock.until(Promise.race([death, result]))) === "died";
};

/** Recovers the run, and tells what it called first. */
const recovered = async (world: PlannedWorld, policy: "continue" | "compensate"): Promise<[string[], RunSummary]> => {
  const before = world.cloud.calls.length;
  const summary = await world.recover(r1, policy);
  return [world.cloud.calls.slice(before).filter((call) => mutating.test(call)), summary];
};

describe.each(["snapshot", "backup"] as const)("T-03: the process dies at any commit of a %s", (kind) => {
  test.each([
    ["before", "continue"],
    ["after", "continue"],
    ["before", "compensate"],
    ["after", "compensate"],
  ] as const)("%s it: whoever is frozen is thawed before anything else (%s)", async (when, policy) => {
    let [points, windows] = [0, 0];
    for (let k = 1; ; k += 1) {
      const world = plannedWorld(["a", "b"]);
      const plan = await world.plan("backup", { kind });
      if (!(await diesIn(world, plan, ({ nth }) => (nth === k ? when : undefined)))) break;
      points += 1;
      const waiting = frozen(world);
      // After its last commit the run is over, and nothing is taken back.
      const isOver = (await world.store.load(r1))?.record.settledAt !== undefined;
      const [calls, summary] = await recovered(world, policy);
      if (waiting.length > 0) windows += 1;
      // A debt whose payment nobody wrote down is paid again; that harms nobody.
      const other = calls.findIndex((call) => !call.startsWith("thaw "));
      const first = calls.slice(0, other === -1 ? undefined : other);
      expect(first, `commit ${k}`).toEqual(expect.arrayContaining(waiting.map((id) => `thaw ${id}`)));
      expect(frozen(world), `commit ${k}`).toEqual([]);
      expect([summary.frozen, summary.held, summary.leftovers], `commit ${k}`).toEqual([[], [], []]);
      const stays = policy === "continue" || isOver;
      expect(summary.status === "succeeded", `commit ${k}`).toBe(stays);
      expect(world.cloud.snapshots.size + world.repository.files().length > 0, `commit ${k}`).toBe(stays);
    }
    expect(points).toBeGreaterThan(10);
    expect(windows).toBeGreaterThan(4);
  });
});

const isCapture = (event: Recorded): boolean => "step" in event && event.step.startsWith("snapshot.create/");

describe("T-12: the process dies between the call that makes a snapshot and its reply", () => {
  const atCapture = (type: Recorded["type"], when: "before" | "after") => (commit: Commit) =>
    commit.events.some((event) => event.type === type && isCapture(event)) ? when : undefined;

  test("before the intent is on disk nothing was asked of the provider", async () => {
    const world = plannedWorld(["a"]);
    const plan = await world.plan("backup", { kind: "snapshot" });
    expect(await diesIn(world, plan, atCapture("step.intended", "before"))).toBe(true);
    expect(world.cloud.calls.filter((call) => call.startsWith("snapshot "))).toEqual([]);
  });

  test.each([
    ["it was made and nobody heard", "step.ended", "before", 1],
    ["it was about to be made", "step.intended", "after", 0],
  ] as const)("%s: going on ends with one that the catalogue names", async (_, type, when, made) => {
    const world = plannedWorld(["a"]);
    const plan = await world.plan("backup", { kind: "snapshot", quiesce: "off" });
    await diesIn(world, plan, atCapture(type, when));
    await world.clock.advance(0);
    expect(world.cloud.snapshots.size).toBe(made);
    const [, summary] = await recovered(world, "continue");
    expect(summary.status).toBe("succeeded");
    const named = (await world.set()).items.flatMap(({ artefacts }) => artefacts.map(({ id }) => id));
    expect(named).toEqual([...world.cloud.snapshots.keys()]);
    expect(named).toHaveLength(1);
  });

  test.each([
    ["step.ended", "before"],
    ["step.intended", "after"],
  ] as const)("dead at %s, %s it: taking back leaves none, and its name is free", async (type, when) => {
    const world = plannedWorld(["a"]);
    const plan = await world.plan("backup", { kind: "snapshot" });
    await diesIn(world, plan, atCapture(type, when));
    await recovered(world, "compensate");
    expect(world.cloud.snapshots.size).toBe(0);
    expect(await world.store.catalogue.list({})).toEqual([]);
    expect((await world.run("backup", { kind: "snapshot" })).status).toBe("succeeded");
  });
});
