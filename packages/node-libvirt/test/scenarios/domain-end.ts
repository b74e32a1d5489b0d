import { describe, expect, test, vi } from "vitest";
import { domainStartFlags, domainUndefineFlags, domainXmlFlags } from "../../src/index.ts";
import { agentReady, expectError, expectState } from "./expectations.ts";
import type { World } from "./world.ts";

/** Sleep, save and the end of the domain. */
export const domainEndScenarios = (world: World): void => {
  describe("the end of a domain", () => {
    let definition: string;

    test("sleeps and wakes", async () => {
      await world.libvirt.domains.pmSuspend(world.domain, "memory");
      await vi.waitFor(() => expectState(world, "pm-suspended", "unknown"), { timeout: 10_000 });
      await world.libvirt.domains.pmWakeup(world.domain);
      await vi.waitFor(() => expectState(world, "running", "wakeup"), { timeout: 10_000 });
    });

    test("is saved, and started from the save", async () => {
      await world.libvirt.domains.managedSave(world.domain);
      await expectState(world, "shut-off", "saved");
      expect(await world.libvirt.domains.hasManagedSave(world.domain)).toBe(true);
      world.domain = await world.libvirt.domains.start(world.domain);
      expect(await world.libvirt.domains.hasManagedSave(world.domain)).toBe(false);
      await agentReady(world);
      await world.libvirt.domains.managedSave(world.domain);
      await world.libvirt.domains.removeManagedSave(world.domain);
      expect(await world.libvirt.domains.hasManagedSave(world.domain)).toBe(false);
    });

    test("is asked to shut down, destroyed and undefined", async () => {
      world.domain = await world.libvirt.domains.start(world.domain);
      await world.libvirt.domains.shutdown(world.domain);
      await world.libvirt.domains.destroy(world.domain);
      await expectState(world, "shut-off", "destroyed");
      definition = await world.libvirt.domains.xml(world.domain, domainXmlFlags.inactive);
      await world.libvirt.domains.undefine(
        world.domain,
        domainUndefineFlags.managedSave | domainUndefineFlags.snapshotsMetadata,
      );
      await expectError(world.libvirt.domains.byUuid(world.domain.uuid), "no-domain");
    });

    test("comes with its stop, when it was started without a definition", async () => {
      const { domains } = world.libvirt;
      const transient = await domains.startTransient(definition, domainStartFlags.paused);
      expect(transient).toMatchObject({ name: world.options.name, uuid: world.domain.uuid });
      expect(await domains.isPersistent(transient)).toBe(false);
      await expectError(domains.startTransient(definition), "operation-invalid");
      await domains.destroy(transient);
      await expectError(domains.byUuid(transient.uuid), "no-domain");
    });
  });
};
