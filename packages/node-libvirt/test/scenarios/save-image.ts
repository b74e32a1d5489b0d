import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { domainSaveFlags, domainXmlFlags, type TypedParam } from "../../src/index.ts";
import { agentReady, expectError, expectState } from "./expectations.ts";
import type { World } from "./world.ts";

/** Files with the memory of a domain. */
export const saveImageScenarios = (world: World): void => {
  const path = `${dirname(world.options.poolFolder)}/memory.save`;
  const retitled = (xml: string, title: string) => xml.replace("</name>", `</name><title>${title}</title>`);

  describe.skipIf("DOMAIN_SAVE_FLAGS" in world.options.unproved)("a save image", () => {
    test("is made, read, changed and restored", async () => {
      const { libvirt, domain } = world;
      await libvirt.saveImages.save(domain, path, {}, domainSaveFlags.paused);
      await expectState(world, "shut-off", "saved");
      const xml = await libvirt.saveImages.xml(path);
      expect(xml).toContain(`<uuid>${domain.uuid}</uuid>`);
      await libvirt.saveImages.define(path, retitled(xml, "changed"));
      expect(await libvirt.saveImages.xml(path)).toContain("<title>changed</title>");
      await libvirt.saveImages.restore(path);
      await expectState(world, "paused", "migration");
      world.domain = await libvirt.domains.byUuid(domain.uuid);
      expect(await libvirt.domains.xml(world.domain)).toContain("<title>changed</title>");
      await libvirt.domains.resume(world.domain);
      await agentReady(world);
    });

    test("is made with parameters, of which the daemon refuses unknown ones", async () => {
      const { libvirt, domain } = world;
      const unknown: TypedParam = { field: "nonsense", value: { type: "string", value: "x" } };
      await expectError(libvirt.saveImages.save(domain, path, { params: [unknown] }), "argument-unsupported");
      await expectState(world, "running", "unpaused");
      const before = await libvirt.domains.xml(domain, domainXmlFlags.migratable);
      const xml = before.replace("<title>changed<", "<title>by parameters<");
      await libvirt.saveImages.save(domain, path, { xml, params: [] }, domainSaveFlags.paused);
      expect(await libvirt.saveImages.xml(path)).toContain("<title>by parameters</title>");
      await libvirt.saveImages.restore(path);
      await libvirt.domains.resume(domain);
      world.domain = await libvirt.domains.byUuid(domain.uuid);
      await agentReady(world);
    });

    test("that the daemon keeps is read and changed", async () => {
      const { libvirt, domain } = world;
      await libvirt.domains.managedSave(domain);
      const xml = await libvirt.saveImages.managedXml(domain);
      await libvirt.saveImages.defineManaged(domain, xml.replace("<title>by parameters<", "<title>again<"));
      world.domain = await libvirt.domains.start(domain);
      expect(await libvirt.domains.xml(world.domain)).toContain("<title>again</title>");
      await agentReady(world);
    });
  });
};
