// On the simulated host: a real one cannot be told where to stop.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepository } from "@quiesce/repository";
import { startSimulator, type FaultInput, type Hypervisor } from "@quiesce/sim-libvirt";
import { memoryStore, type Repository } from "@quiesce/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rig, row, statuses } from "./rig.ts";

const diskBytes = 262_144;
let dir: string;
let host: Hypervisor;
let rig: Rig;
let repository: Repository;
let stop: () => Promise<void>;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ct-"));
  const disks = [{ bytes: diskBytes, content: "A" }];
  const simulator = await startSimulator({
    dir,
    spec: { hosts: [{ name: "h", pools: [{ name: "default" }], domains: [{ name: "db01", disks }] }] },
  });
  const { hypervisor, uri } = simulator.host("h");
  host = hypervisor;
  for (let at = 0; at < diskBytes; at += 65_536)
    await host.guest("db01").write("vda", at, Buffer.alloc(65_536, 1 + at));
  repository = await openRepository(join(dir, "repository"));
  rig = new Rig({ uri }, { db: { kind: "vm", id: "db01" } }, memoryStore(), repository);
  stop = async () => {
    await rig[Symbol.asyncDispose]();
    await simulator.close();
    await rm(dir, { recursive: true });
  };
});
afterEach(async () => {
  await stop();
});

/** Whole, or not there at all: never a part. */
const expectWholeOrNothing = async (name: string, fault: FaultInput): Promise<"whole" | "nothing"> => {
  host.faults.clear();
  host.faults.add(fault);
  const summary = await rig.run("backup", { kind: "backup", name });
  host.faults.clear();
  const [set] = await rig.store.catalogue.find(rig.deployment.id, name);
  const { backup, frozen } = host.truth.domain("db01");
  expect([backup, frozen], statuses(summary).join("\n")).toEqual([undefined, []]);
  if (summary.status !== "succeeded") {
    expect(row(summary, "db", "backup.create")).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/\S/),
    });
    expect(set).toBeUndefined();
    return "nothing";
  }
  for (const artefact of set?.items[0]?.artefacts.filter(({ kind }) => kind === "disk") ?? []) {
    const { damage, bytes } = await repository.verify(artefact, AbortSignal.timeout(10_000));
    expect([damage, bytes]).toEqual([[], diskBytes]);
  }
  expect(set).toMatchObject({ complete: true });
  return "whole";
};

test("T-30: bytes that stop anywhere on their way make no backup, or a whole one", async () => {
  const ends = new Set<string>();
  // Inside the header of an answer, inside its bytes, and one byte before the end.
  for (const [nth, afterBytes] of [21, 70_001, 262_143].entries())
    ends.add(
      await expectWholeOrNothing(`cut-${nth}`, {
        on: { procedure: "nbd-connect", times: "always" },
        do: { kind: "cut", afterBytes },
      }),
    );
  expect(ends).toEqual(new Set(["nothing"]));
  // A connection that breaks once is no reason to have no backup.
  expect(
    await expectWholeOrNothing("cut-once", {
      on: { procedure: "nbd-connect" },
      do: { kind: "cut", afterBytes: 100_000 },
    }),
  ).toBe("whole");
});

test("T-30: a backup that was cut leaves its name and its machine to the next one", async () => {
  const cut = { on: { procedure: "nbd-connect", times: "always" }, do: { kind: "cut", afterBytes: 5000 } } as const;
  expect(await expectWholeOrNothing("nightly", cut)).toBe("nothing");
  const again = await rig.run("backup", { kind: "backup", name: "nightly" });
  expect(again.status, statuses(again).join("\n")).toBe("succeeded");
});
