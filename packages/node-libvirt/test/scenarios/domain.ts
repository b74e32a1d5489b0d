import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { domainListFlags, domainStartFlags, domainXmlFlags } from "../../src/index.ts";
import { agentReady, bootMs, expectError, expectEvent, expectState } from "./expectations.ts";
import type { World } from "./world.ts";

const metadata = { uri: "https://example.org/quiesce", prefix: "q" };

/** A domain from its definition until its agent answers. */
export const domainScenarios = (world: World): void => {
  const { name } = world.options;

  describe("a domain", () => {
    test("is defined and found", async () => {
      world.domain = await world.libvirt.domains.define(await world.options.guestXml());
      expect(world.domain).toMatchObject({ name, id: -1 });
      await expectEvent(world, "defined", "added");
      expect(await world.libvirt.domains.byName(name)).toEqual(world.domain);
      expect(await world.libvirt.domains.byUuid(world.domain.uuid)).toEqual(world.domain);
      expect(await world.libvirt.domains.list()).toContainEqual(world.domain);
      expect(await world.libvirt.domains.list(domainListFlags.active)).not.toContainEqual(world.domain);
      await expectState(world, "shut-off", "unknown");
      expect(await world.libvirt.domains.isActive(world.domain)).toBe(false);
      expect(await world.libvirt.domains.isPersistent(world.domain)).toBe(true);
      expect(await world.libvirt.domains.hasManagedSave(world.domain)).toBe(false);
      expect(await world.libvirt.domains.xml(world.domain, domainXmlFlags.inactive)).toContain(`<name>${name}</name>`);
    });

    test("that is not there is an error with its code", async () => {
      const uuid = randomUUID();
      await expectError(world.libvirt.domains.byName(`${name}-none`), "no-domain");
      await expectError(world.libvirt.domains.byUuid(uuid), "no-domain");
      await expectError(world.libvirt.domains.state({ ...world.domain, uuid }), "no-domain");
    });

    test("is found by its UUID, whatever name the reference has", async () => {
      expect(await world.libvirt.domains.xml({ ...world.domain, name: "renamed" })).toContain(`<name>${name}</name>`);
    });

    test("keeps its autostart", async () => {
      await world.libvirt.domains.setAutostart(world.domain, true);
      expect(await world.libvirt.domains.autostart(world.domain)).toBe(true);
      await world.libvirt.domains.setAutostart(world.domain, false);
      expect(await world.libvirt.domains.autostart(world.domain)).toBe(false);
    });

    test("keeps metadata", async () => {
      const { uri } = metadata;
      await expectError(world.libvirt.domains.metadata(world.domain, uri), "no-domain-metadata");
      await world.libvirt.domains.setMetadata(world.domain, { ...metadata, xml: "<run id='1'/>" });
      expect(await world.libvirt.domains.metadata(world.domain, uri)).toBe('<run id="1"/>');
      await world.libvirt.domains.setMetadata(world.domain, { ...metadata, xml: "<run id='2'/>" });
      expect(await world.libvirt.domains.metadata(world.domain, uri)).toBe('<run id="2"/>');
      await world.libvirt.domains.removeMetadata(world.domain, uri);
      await expectError(world.libvirt.domains.metadata(world.domain, uri), "no-domain-metadata");
    });

    test("that is off cannot be suspended or resumed", async () => {
      await expectError(world.libvirt.domains.suspend(world.domain), "operation-invalid");
      await expectError(world.libvirt.domains.resume(world.domain), "operation-invalid");
      await expectError(world.libvirt.agent.freeze(world.domain), "operation-invalid");
    });

    test(
      "starts paused, runs, and its agent comes up",
      async () => {
        const agent = await world.libvirt.events.agentLifecycle(world.domain);
        world.domain = await world.libvirt.domains.start(world.domain, domainStartFlags.paused);
        expect(world.domain.id).toBeGreaterThan(0);
        await expectState(world, "paused", "user");
        await world.libvirt.domains.resume(world.domain);
        await expectState(world, "running", "unpaused");
        for await (const { state } of agent) if (state === "connected") break;
        await agent.close();
        await agentReady(world);
      },
      bootMs,
    );

    test("suspends and resumes", async () => {
      await world.libvirt.domains.suspend(world.domain);
      await expectState(world, "paused", "user");
      await world.libvirt.domains.resume(world.domain);
      await expectState(world, "running", "unpaused");
    });

    test("has no job", async () => {
      expect(await world.libvirt.domains.jobStats(world.domain)).toMatchObject({ type: "none", operation: undefined });
      await expectError(world.libvirt.domains.abortJob(world.domain), "operation-invalid");
    });
  });
};
