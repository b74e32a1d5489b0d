import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultOptions, makePlan, memoryStore, stepsOf } from "@quiesce/core";
import { connect } from "@quiesce/node-libvirt";
import { startSimulator } from "@quiesce/sim-libvirt";
import { memoryRepository } from "@quiesce/testkit";
import { expect, test } from "vitest";
import { bytesSource } from "../src/api/bytes-source.ts";
import { uploadContent } from "../src/api/volume-content.ts";
import { arm, cutsSince, cutText, disarm, lastCall } from "./cuts.ts";
import { driveOnce, newRun } from "./restore-rig.ts";
import { Rig } from "./rig.ts";

const bytes = 256 * 1024;

test("a process that dies anywhere in a volume's restore: a repetition ends it, with nothing beside the volume", async () => {
  const dir = await mkdtemp(join(tmpdir(), "qv-"));
  await using simulator = await startSimulator({ dir, spec: { hosts: [{ name: "h", pools: [{ name: "default" }] }] } });
  const { hypervisor: host, uri, socket } = simulator.host("h");
  const write = async (fill: number): Promise<void> => {
    await using libvirt = await connect(uri);
    const pool = await libvirt.pools.byName("default");
    const known = (await libvirt.volumes.list(pool)).find(({ name }) => name === "data.raw");
    const xml = `<volume><name>data.raw</name><capacity unit='bytes'>${bytes}</capacity><target><format type='raw'/></target></volume>`;
    const volume = known ?? (await libvirt.volumes.create(pool, xml));
    const moving = { signal: AbortSignal.timeout(5000), report: () => {} };
    await uploadContent(libvirt, volume, bytesSource(Buffer.alloc(bytes, fill)), moving);
  };
  const picture = async (): Promise<readonly string[]> =>
    await Promise.all(
      host.truth.volumes().map(
        async ({ name, path }) =>
          `${name} ${createHash("sha256")
            .update(await readFile(path))
            .digest("hex")}`,
      ),
    );
  const store = memoryStore();
  const repository = memoryRepository();
  const rigOf = (): Rig =>
    new Rig({ uri }, { data: { kind: "volume", id: "default/data.raw" } }, store, repository, "v");
  await write(1);
  const saved = await picture();
  await using rig = rigOf();
  expect((await rig.run("backup", { kind: "backup" })).status).toBe("succeeded");
  const [from] = await store.catalogue.find(rig.deployment.id, "set");
  const planned = makePlan("restore", rig.deployment, await rig.facts(), {
    ...defaultOptions,
    name: "set",
    ...(from && { from }),
  });
  const [step] = planned.ok ? stepsOf(planned.value) : [];
  if (step === undefined) throw new Error(JSON.stringify(planned));
  await write(2);
  const before = lastCall(host);
  await driveOnce(rig, step, newRun());
  expect(await picture()).toEqual(saved);
  const cuts = cutsSince(host, before);
  expect(cuts.length).toBeGreaterThan(6);
  for (const cut of cuts) {
    await write(2);
    const run = newRun();
    {
      await using dying = rigOf();
      arm(host, cut);
      await expect(driveOnce(dying, step, run, 1), cutText(cut)).rejects.toThrow(/./u);
      await disarm(host, socket);
    }
    await using next = rigOf();
    await driveOnce(next, step, run);
    expect(await picture(), cutText(cut)).toEqual(saved);
    expect(await next.owned()).toEqual([]);
  }
  await rm(dir, { recursive: true });
});
