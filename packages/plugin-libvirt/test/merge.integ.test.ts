// Story T-34: somebody else's snapshot is merged, and the merge is not ready for a long time, or never. On the simulated
// host, because a real QEMU cannot be told to be slow. Nothing of ours makes an overlay, so nothing of ours merges one.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepository } from "@quiesce/repository";
import {
  blockCommitFlags,
  blockJobAbortFlags,
  connect,
  snapshotCreateFlags,
  type Libvirt,
} from "@quiesce/node-libvirt";
import { startSimulator, type Hypervisor } from "@quiesce/sim-libvirt";
import { memoryStore } from "@quiesce/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rig } from "./rig.ts";

let dir: string;
let host: Hypervisor;
let libvirt: Libvirt;
let rig: Rig;
let stop: () => Promise<void>;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mg-"));
  const simulator = await startSimulator({
    dir,
    spec: {
      hosts: [{ name: "h", pools: [{ name: "default" }], domains: [{ name: "db01", disks: [{ content: "A" }] }] }],
    },
  });
  const { hypervisor, uri } = simulator.host("h");
  host = hypervisor;
  libvirt = await connect(uri);
  const repository = await openRepository(join(dir, "repository"));
  rig = new Rig({ uri }, { db: { kind: "vm", id: "db01" } }, memoryStore(), repository);
  stop = async () => {
    await rig[Symbol.asyncDispose]();
    await libvirt.close();
    await simulator.close();
    await rm(dir, { recursive: true });
  };
});
afterEach(async () => {
  await stop();
});

/** An overlay of another tool, and its merge under way. */
const beginMerge = async (): Promise<void> => {
  const domain = await libvirt.domains.byName("db01");
  await libvirt.snapshots.create(
    domain,
    "<domainsnapshot><name>theirs</name></domainsnapshot>",
    snapshotCreateFlags.diskOnly,
  );
  await host.guest("db01").write("vda", 0, Buffer.from("B"));
  await libvirt.blockJobs.commit(domain, "vda", {}, blockCommitFlags.active);
};

const backup = async (name: string) => {
  const planned = await rig.plan("backup", { kind: "backup", name });
  if (!planned.ok) return { refused: planned.problems.map(({ message }) => message).join("\n") };
  return { summary: await rig.start(planned.value) };
};

test("T-34: a merge that is never ready: a backup is refused or fails in plain words, soon; overlay and merge stay", async () => {
  host.configure({ blockJobMs: null });
  await beginMerge();
  const before = host.truth.domain("db01");
  const startedAt = performance.now();
  const { refused, summary } = await backup("one");
  expect(performance.now() - startedAt).toBeLessThan(30_000);
  const words = refused ?? summary?.instances.map(({ reason }) => reason).join("\n") ?? "";
  expect(words).toMatch(/block job|blockjob|merge/i);
  expect(summary?.held ?? []).toEqual([]);
  const after = host.truth.domain("db01");
  expect(after.blockJobs).toEqual(before.blockJobs);
  expect(after.disks.map(({ path }) => path)).toEqual(before.disks.map(({ path }) => path));
  expect([after.state, after.frozen]).toEqual([before.state, before.frozen]);
  const removed = host.truth.removed().map(({ object }) => JSON.stringify(object));
  expect(removed.filter((object) => !object.includes("scratch"))).toEqual([]);
});

test("T-34: a merge that is ready late: when it is done, the next backup works and removes nothing of it", async () => {
  host.configure({ blockJobMs: 60 });
  await beginMerge();
  await backup("early");
  const domain = await libvirt.domains.byName("db01");
  await expect.poll(() => host.truth.domain("db01").blockJobs).toMatchObject({ vda: { ready: true } });
  await libvirt.blockJobs.abort(domain, "vda", blockJobAbortFlags.pivot);
  await libvirt.snapshots.delete({ name: "theirs", domain }, 2);
  const hashes = await host.truth.hashes("db01");
  const { refused, summary } = await backup("late");
  expect(refused).toBeUndefined();
  expect(summary).toMatchObject({ status: "succeeded", held: [] });
  expect(await host.truth.hashes("db01")).toEqual(hashes);
});
