import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { blockCommitFlags, blockJobAbortFlags, snapshotCreateFlags, type BlockJobEvent } from "../../src/index.ts";
import { expectError } from "./expectations.ts";
import type { World } from "./world.ts";

const { diskOnly, atomic, noMetadata } = snapshotCreateFlags;

/** Jobs on one disk. */
export const blockJobScenarios = (world: World): void => {
  const folder = dirname(world.options.poolFolder);
  const overlay = (label: string) => `${folder}/${label}.overlay`;

  const putOverlayOnVdb = async (label: string): Promise<void> => {
    const xml = `<domainsnapshot><disks><disk name='vda' snapshot='no'/>
      <disk name='vdb' snapshot='external'><source file='${overlay(label)}'/></disk></disks></domainsnapshot>`;
    await world.libvirt.snapshots.create(world.domain, xml, diskOnly | atomic | noMetadata);
    expect(await world.libvirt.domains.xml(world.domain)).toContain(overlay(label));
  };
  const until = async (events: AsyncIterable<BlockJobEvent>, status: string): Promise<BlockJobEvent> => {
    for await (const event of events) if (event.status === status) return event;
    throw new Error("the events ended");
  };

  describe.skipIf("DOMAIN_BLOCK_COMMIT" in world.options.unproved)("a block job", () => {
    test("commits the image in use and pivots", async () => {
      const { libvirt, domain } = world;
      await putOverlayOnVdb("committed");
      await using events = await libvirt.events.blockJob(domain);
      expect(await libvirt.blockJobs.info(domain, "vdb")).toBeUndefined();
      await libvirt.blockJobs.commit(domain, "vdb", {}, blockCommitFlags.active | blockCommitFlags.shallow);
      expect(await until(events, "ready")).toMatchObject({ disk: "vdb", type: "active-commit" });
      const job = await libvirt.blockJobs.info(domain, "vdb");
      expect(job).toMatchObject({ type: "active-commit" });
      expect(job?.current).toBe(job?.end);
      await libvirt.rescue.blockJobs.abort(domain, "vdb", blockJobAbortFlags.pivot);
      await until(events, "completed");
      expect(await libvirt.domains.xml(domain)).not.toContain(overlay("committed"));
      await expectError(libvirt.blockJobs.commit(domain, "vdz"), "invalid-argument");
    });

    test("pulls the backing image in", async () => {
      const { libvirt, domain } = world;
      await putOverlayOnVdb("pulled");
      await using events = await libvirt.events.blockJob(domain);
      await libvirt.blockJobs.pull(domain, "vdb");
      expect(await until(events, "completed")).toMatchObject({ disk: "vdb", type: "pull" });
      expect(await libvirt.blockJobs.info(domain, "vdb")).toBeUndefined();
    });
  });
};
