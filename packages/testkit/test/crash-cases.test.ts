import { describe, expect, test } from "vitest";
import { exitCodeOfRun } from "@quiesce/core";
import type { CrashCase, Death } from "./crash/crash-case.ts";
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
  rollback: false,
};

const dies = (at: string, fates: Death["fates"]): readonly Death[] => [{ at, fates, known: true, paidFirst: false }];

const lawfully = async (asked: CrashCase): Promise<Played> => {
  const played = await play(asked);
  expect(await brokenBy(played)).toEqual([]);
  return played;
};

describe("a call of a dead process that takes effect late", () => {
  test.each(["continue", "compensate"] as const)(
    "a freeze that comes true after its thaw is thawed again (policy %s)",
    async (policy) => {
      const deaths = dies("before freeze vm-a", [{ afterMs: 1500 }]);
      const { world, deaths: died } = await lawfully({ ...quiet, policy, deaths });
      expect(died).toHaveLength(1);
      expect(world.cloud.calls.filter((call) => call === "freeze vm-a").length).toBeGreaterThan(0);
      expect(frozenIn(world)).toEqual([]);
    },
  );

  test("a create that comes true after the first look is found by the second, and not made again", async () => {
    const vms = quiet.vms.map((vm) => ({ ...vm, power: "off" as const }));
    const deaths = dies("before snapshot vm-a", [{ afterMs: 1500 }]);
    const { world, summary } = await lawfully({ ...quiet, vms, deaths });
    expect(summary?.status).toBe("succeeded");
    expect(world.cloud.calls.filter((call) => call === "snapshot vm-a")).toHaveLength(1);
  });

  test("a suspend in doubt of a cancelled run is looked at: a later resume must know of it", async () => {
    const deaths = dies("before power vm-a", [{ afterMs: 400 }]);
    const cancels = [{ at: "after power vm-a", mode: "soft" }] as const;
    const { world, summary } = await lawfully({ ...quiet, workflow: "suspend", deaths, cancels });
    expect(powersOf(world)).toEqual({ "vm-a": "suspended" });
    expect(summary?.instances).toMatchObject([{ instance: "a", operation: "suspend", status: "succeeded" }]);
    expect(await world.store.suspended(world.deployment.id)).toEqual({ a: { power: "running" } });
  });
});

test("a suspend in doubt that cannot be taken back stays one: the row says so, and a later resume knows of it", async () => {
  const deaths = dies("after power vm-a", []);
  const faults = [{ call: "power", after: 1, times: 9, does: { what: "fail" } }] as const;
  const asked = { ...quiet, workflow: "suspend", policy: "compensate", deaths, faults } as const;
  const { world, summary } = await lawfully(asked);
  expect(summary).toMatchObject({ status: "failed", error: { code: "unavailable" } });
  const reason = expect.stringContaining("taking it back failed");
  expect(summary?.instances).toMatchObject([{ instance: "a", operation: "suspend", status: "failed", reason }]);
  expect(await world.store.suspended(world.deployment.id)).toEqual({ a: { power: "running" } });
});

test("two machines that one run restored are taken back each by itself", async () => {
  const vms = quiet.vms.flatMap((vm) => [vm, { ...vm, name: "b" }]);
  const deaths = dies("after define vm-b", []);
  const asked = { ...quiet, vms, workflow: "restore", kind: "backup", policy: "compensate", deaths } as const;
  const { summary } = await lawfully(asked);
  expect(summary?.error).toBeUndefined();
});

test("a restore that its plugin cannot take back is told so, and the run is closed", async () => {
  const deaths = dies("after revert vm-a", []);
  const { summary } = await lawfully({ ...quiet, workflow: "restore", policy: "compensate", deaths });
  expect(summary?.status).toBe("failed");
  expect(summary?.error?.message).toContain("keeps no way back");
  expect(summary && exitCodeOfRun(summary)).toBe(1);
});
