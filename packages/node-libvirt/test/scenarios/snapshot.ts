import { describe, expect, test } from "vitest";
import { checkpointXmlFlags, snapshotListFlags } from "../../src/index.ts";
import { agentReady, expectError, expectState } from "./expectations.ts";
import type { World } from "./world.ts";

/** Snapshots and checkpoints. */
export const snapshotScenarios = (world: World): void => {
  describe("snapshots", () => {
    const xml = (snapshot: string) => `<domainsnapshot><name>${snapshot}</name></domainsnapshot>`;

    test("are made, found, reverted to and deleted", async () => {
      await expectError(world.libvirt.snapshots.current(world.domain), "no-snapshot");
      const first = await world.libvirt.snapshots.create(world.domain, xml("first"));
      expect(first).toMatchObject({ name: "first", domain: { uuid: world.domain.uuid } });
      await expectError(world.libvirt.snapshots.create(world.domain, xml("first")), "operation-failed");
      await expectError(world.libvirt.snapshots.parent(first), "no-snapshot");
      const second = await world.libvirt.snapshots.create(world.domain, xml("second"));
      expect((await world.libvirt.snapshots.list(world.domain)).map((snapshot) => snapshot.name).sort()).toEqual([
        "first",
        "second",
      ]);
      expect(
        (await world.libvirt.snapshots.list(world.domain, snapshotListFlags.roots)).map(({ name }) => name),
      ).toEqual(["first"]);
      expect(await world.libvirt.snapshots.byName(world.domain, "second")).toEqual(second);
      expect(await world.libvirt.snapshots.current(world.domain)).toEqual(second);
      expect(await world.libvirt.snapshots.parent(second)).toEqual(first);
      expect(await world.libvirt.snapshots.children(first)).toEqual([second]);
      expect(await world.libvirt.snapshots.xml(second)).toMatch(/<memory snapshot='internal'\/>/u);
      await world.libvirt.snapshots.revert(first);
      await expectState(world, "running", "from-snapshot");
      await world.libvirt.snapshots.delete(second);
      await world.libvirt.snapshots.delete(first);
      expect(await world.libvirt.snapshots.list(world.domain)).toEqual([]);
      await expectError(world.libvirt.snapshots.byName(world.domain, "second"), "no-snapshot");
      await agentReady(world);
    });
  });

  describe("checkpoints", () => {
    test("are made, found and deleted", async () => {
      const xml = "<domaincheckpoint><name>mark</name></domaincheckpoint>";
      const mark = await world.libvirt.checkpoints.create(world.domain, xml);
      expect(mark).toMatchObject({ name: "mark", domain: { uuid: world.domain.uuid } });
      expect(await world.libvirt.checkpoints.list(world.domain)).toEqual([mark]);
      expect(await world.libvirt.checkpoints.byName(world.domain, "mark")).toEqual(mark);
      expect(await world.libvirt.checkpoints.xml(mark, checkpointXmlFlags.noDomain)).toContain("checkpoint='bitmap'");
      await world.libvirt.checkpoints.delete(mark);
      expect(await world.libvirt.checkpoints.list(world.domain)).toEqual([]);
      await expectError(world.libvirt.checkpoints.byName(world.domain, "mark"), "no-checkpoint");
    });
  });
};
