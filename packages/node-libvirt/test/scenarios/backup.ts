import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import type { JobCompletedEvent } from "../../src/index.ts";
import { expectError } from "./expectations.ts";
import type { World } from "./world.ts";

const targets = ["vda", "vdb"];

/** Backup jobs that this client begins itself. */
export const backupScenarios = (world: World): void => {
  const folder = dirname(world.options.poolFolder);
  const disks = (label: string, role: "target" | "scratch") =>
    `<disks>${targets
      .map(
        (disk) =>
          `<disk name='${disk}' type='file'><${role} file='${folder}/${label}-${disk}'/><driver type='qcow2'/></disk>`,
      )
      .join("")}</disks>`;
  const checkpoint = (name: string) => `<domaincheckpoint><name>${name}</name></domaincheckpoint>`;
  const push = (label: string, since = "") =>
    `<domainbackup mode='push'>${since}${disks(label, "target")}</domainbackup>`;

  const endOf = async (begin: () => Promise<void>) => {
    await using jobs = await world.libvirt.events.jobCompleted(world.domain);
    await begin();
    for await (const job of jobs) return job;
    throw new Error("the events ended");
  };

  // A number that is 0 is left out.
  const size = ({ params }: JobCompletedEvent) => Number(params["disk_total"] ?? 0);

  describe.skipIf("DOMAIN_BACKUP_BEGIN" in world.options.unproved)("a backup", () => {
    test("that is pushed sets its checkpoint at the same instant, and an increment starts there", async () => {
      const { libvirt, domain } = world;
      await expectError(libvirt.backups.xml(domain), "no-backup");
      const full = { xml: push("full"), checkpointXml: checkpoint("first") };
      const fullEnd = await endOf(() => libvirt.backups.begin(domain, full));
      expect(fullEnd).toMatchObject({ operation: "backup", success: true });
      const first = await libvirt.checkpoints.byName(domain, "first");
      const increment = { xml: push("increment", "<incremental>first</incremental>") };
      const incrementEnd = await endOf(() => libvirt.backups.begin(domain, increment));
      expect(incrementEnd).toMatchObject({ operation: "backup", success: true });
      expect(size(incrementEnd)).toBeLessThan(size(fullEnd));
      await libvirt.checkpoints.delete(first);
    });

    test("that is pulled goes on until it is aborted, and says what it does", async () => {
      const { libvirt, domain } = world;
      const server = `<server transport='unix' socket='${folder}/pulled'/>`;
      const xml = `<domainbackup mode='pull'>${server}${disks("scratch", "scratch")}</domainbackup>`;
      const ended = await endOf(async () => {
        await libvirt.backups.begin(domain, { xml });
        expect(await libvirt.backups.xml(domain)).toContain(`${folder}/pulled`);
        expect(await libvirt.domains.jobInfo(domain)).toMatchObject({
          type: "unbounded",
          timeElapsed: expect.any(Number),
        });
        await libvirt.rescue.domains.abortJob(domain);
      });
      expect(ended).toMatchObject({ operation: "backup" });
      expect(await libvirt.domains.jobInfo(domain)).toMatchObject({ type: "none" });
    });
  });
};
