import { describe, expect, test } from "vitest";
import { exitCodeOfRun } from "@quiesce/core";
import type { CrashCase } from "./crash/crash-case.ts";
import { brokenBy } from "./crash/laws.ts";
import { play, type Played } from "./crash/play.ts";
import { frozenIn, powersOf } from "./crash/powers.ts";

// Single cases that the random ones found, or that they should meet in every run.

const quiet: CrashCase = {
  vms: [{ name: "a", volumes: 0, power: "running", depends: false, service: false }],
  workflow: "backup",
  kind: "snapshot",
  scope: "instance",
  incremental: false,
  delayMs: {},
  faults: [],
  cancels: [],
  deaths: [],
  policy: "continue",
};

const lawfully = async (asked: CrashCase): Promise<Played> => {
  const played = await play(asked);
  expect(await brokenBy(played)).toEqual([]);
  return played;
};

describe("a call of a dead process that takes effect late", () => {
  test.each(["continue", "compensate"] as const)(
    "a freeze that comes true after its thaw is thawed again (policy %s)",
    async (policy) => {
      const deaths = [{ at: "before freeze vm-a", fates: [{ afterMs: 1500 }], known: true }];
      const { world, deaths: died } = await lawfully({ ...quiet, policy, deaths });
      expect(died).toHaveLength(1);
      expect(world.cloud.calls.filter((call) => call === "freeze vm-a").length).toBeGreaterThan(0);
      expect(frozenIn(world)).toEqual([]);
    },
  );

  test("a suspend in doubt of a cancelled run is looked at: a later resume must know of it", async () => {
    const deaths = [{ at: "before power vm-a", fates: [{ afterMs: 400 }], known: true }];
    const cancels = [{ at: "after power vm-a", mode: "soft" }] as const;
    const { world, summary } = await lawfully({ ...quiet, workflow: "suspend", deaths, cancels });
    expect(powersOf(world)).toEqual({ "vm-a": "suspended" });
    expect(summary?.instances).toMatchObject([{ instance: "a", operation: "suspend", status: "succeeded" }]);
    expect(await world.store.suspended(world.deployment.id)).toEqual({ a: { power: "running" } });
  });
});

test("a suspend in doubt that cannot be taken back stays one: the row says so, and a later resume knows of it", async () => {
  const deaths = [{ at: "after power vm-a", fates: [], known: true }];
  const faults = [{ call: "power", after: 1, times: 9, does: { what: "fail" } }] as const;
  const asked = { ...quiet, workflow: "suspend", policy: "compensate", deaths, faults } as const;
  const { world, summary } = await lawfully(asked);
  expect(summary).toMatchObject({ status: "failed", error: { code: "unavailable" } });
  expect(summary?.instances).toMatchObject([{ instance: "a", operation: "suspend", status: "succeeded" }]);
  expect(await world.store.suspended(world.deployment.id)).toEqual({ a: { power: "running" } });
});

test("a restore that its plugin cannot take back is told so, and the run is closed", async () => {
  const deaths = [{ at: "after revert vm-a", fates: [], known: true }];
  const { summary } = await lawfully({ ...quiet, workflow: "restore", policy: "compensate", deaths });
  expect(summary?.status).toBe("failed");
  expect(summary?.error?.message).toContain("keeps no way back");
  expect(summary && exitCodeOfRun(summary)).toBe(1);
});
