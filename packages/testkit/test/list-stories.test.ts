import { describe, expect, test } from "vitest";
import { exitCodeOfRun, failure, type Connection, type RunId } from "@quiesce/core";
import { plannedWorld, type PlannedWorld } from "./planned-world.ts";

type Owned = Connection["owned"];

const broken = (): Error => failure("unavailable", "The list came to no end.");

/** What a provider may answer when it is asked for all that a run made. */
const answers = {
  whole: (owned) => owned,
  "an error": () =>
    // eslint-disable-next-line require-yield -- a list that fails at once
    async function* () {
      throw broken();
    },
  "an error after the first page": (owned) =>
    async function* (by, signal) {
      for await (const one of owned(by, signal)) {
        yield one;
        throw broken();
      }
    },
  "an empty page": () => async function* () {},
  "what nobody asked for": (owned) => (by, signal) => owned(by.store === undefined ? {} : { store: by.store }, signal),
} satisfies Readonly<Record<string, (owned: Owned) => Owned>>;

const hasDied = new Promise<never>(() => {});

/** A run whose process dies after its captures, and a ghost of it that no journal names. */
const killed = async (world: PlannedWorld): Promise<RunId> => {
  await world.run("backup", { kind: "snapshot", name: "earlier" });
  let died = (): void => {};
  const death = new Promise<void>((resolve) => (died = resolve));
  const store: typeof world.store = {
    ...world.store,
    commit: async (claim, events) => {
      if (!events.some((event) => "step" in event && event.step.startsWith("complete/")))
        return await world.store.commit(claim, events);
      died();
      return await hasDied;
    },
  };
  const { run } = await world.start(await world.plan("backup", { kind: "snapshot" }), store);
  await world.clock.until(death);
  const [one] = [...world.cloud.snapshots.values()].filter(({ tag }) => tag.endsWith(`/${run}`));
  if (one === undefined) throw new Error("Nothing was captured before the process died.");
  world.cloud.snapshots.set("ghost", { ...one, id: "ghost", name: "came-late" });
  return run;
};

describe("T-17: before a run closes its provider is asked for all that it made, and answers with", () => {
  test.each([
    ["whole", 0, false],
    ["an error", 13, true],
    ["an error after the first page", 13, true],
    ["an empty page", 0, true],
    ["what nobody asked for", 0, false],
  ] as const)("%s: exit %i, and nothing goes that is not a leftover of this run", async (answer, code, ghostStays) => {
    let isBroken = false;
    const world = plannedWorld(["a", "b"], (connection) => ({
      ...connection,
      owned: (by, signal) => (isBroken ? answers[answer](connection.owned) : connection.owned)(by, signal),
    }));
    const run = await killed(world);
    const there = [...world.cloud.snapshots.keys()].filter((id) => id !== "ghost");
    const sets = (await world.store.catalogue.list({})).map(({ name }) => name);
    isBroken = true;
    const summary = await world.recover(run, "continue");
    expect(exitCodeOfRun(summary), JSON.stringify(summary.leftovers)).toBe(code);
    expect([...world.cloud.snapshots.keys()]).toEqual([...there, ...(ghostStays ? ["ghost"] : [])]);
    expect((await world.store.catalogue.list({})).map(({ name }) => name)).toEqual(sets);
    expect(summary.leftovers.map(({ reason }) => reason)).toEqual(code === 13 ? ["The list came to no end."] : []);
  });
});
