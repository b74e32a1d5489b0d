import { describe, expect, test } from "vitest";
import type { World } from "./world.ts";

/** Long jobs, their end and their events. */
export const jobScenarios = (world: World): void => {
  describe("a job", () => {
    test("says when and how it ended", async () => {
      const jobs = await world.libvirt.events.jobCompleted(world.domain);
      await world.options.beginBackup("push");
      for await (const job of jobs) {
        expect(job).toMatchObject({ operation: "backup", success: true, domain: { uuid: world.domain.uuid } });
        break;
      }
      await jobs.close();
      const stats = await world.libvirt.domains.completedJobStats(world.domain);
      expect(stats).toMatchObject({ type: "completed", operation: "backup" });
      expect(stats.params["disk_processed"]).toBe(stats.params["disk_total"]);
      expect(await world.libvirt.domains.completedJobStats(world.domain)).toEqual(stats); // asking does not forget it
    });

    test("is aborted", async () => {
      const jobs = await world.libvirt.events.jobCompleted(world.domain);
      await world.options.beginBackup("pull");
      expect(await world.libvirt.domains.jobStats(world.domain)).toMatchObject({
        type: "unbounded",
        operation: "backup",
      });
      await world.libvirt.rescue.domains.abortJob(world.domain);
      for await (const job of jobs) {
        expect(job).toMatchObject({ operation: "backup", domain: { uuid: world.domain.uuid } });
        break;
      }
      await jobs.close();
      expect(await world.libvirt.rescue.domains.jobStats(world.domain)).toMatchObject({ type: "none" });
    });
  });
};
