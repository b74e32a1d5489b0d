import { describe, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { guestInfoTypes } from "../../src/index.ts";
import { agentReady, expectError } from "./expectations.ts";
import type { World } from "./world.ts";

/** For an agent that works, on a busy machine. */
const patientSeconds = 30;

/** The agent inside the guest, well and hung. */
export const agentScenarios = (world: World): void => {
  describe("the guest's agent", () => {
    test("freezes and thaws; a second freeze fails, a second thaw does nothing", async () => {
      await world.libvirt.agent.setResponseTimeout(world.domain, patientSeconds);
      expect(await world.libvirt.agent.fsfreezeStatus(world.domain)).toBe("thawed");
      expect(await world.libvirt.agent.freeze(world.domain)).toBe(2);
      expect(await world.libvirt.rescue.agent.fsfreezeStatus(world.domain)).toBe("frozen");
      await expectError(world.libvirt.agent.freeze(world.domain), "internal-error");
      expect(await world.libvirt.rescue.agent.thaw(world.domain)).toBe(2);
      expect(await world.libvirt.agent.fsfreezeStatus(world.domain)).toBe("thawed");
      expect(await world.libvirt.agent.thaw(world.domain)).toBe(0);
    });

    test("freezes what it is told to", async () => {
      expect(await world.libvirt.agent.freeze(world.domain, ["/vdb"])).toBe(1);
      expect(await world.libvirt.agent.thaw(world.domain)).toBe(1);
    });

    test("tells file systems, time and system", async () => {
      const filesystems = await world.libvirt.agent.filesystems(world.domain);
      expect(
        filesystems.map(({ mountpoint, type, devices }) => [mountpoint, type, ...devices].join(" ")).sort(),
      ).toEqual(["/vda ext4 vda", "/vdb ext4 vdb"]);
      expect(await world.libvirt.agent.guestInfo(world.domain, guestInfoTypes.os)).toHaveProperty([
        "os.kernel-release",
      ]);
      await world.libvirt.agent.setTime(world.domain, { seconds: 1_700_000_000, nanoseconds: 0 });
      expect((await world.libvirt.agent.time(world.domain)).seconds - 1_700_000_000).toBeLessThan(60);
      await world.libvirt.agent.setTime(world.domain, { seconds: Math.floor(Date.now() / 1000), nanoseconds: 0 });
      expect(await world.libvirt.agent.command(world.domain, { execute: "guest-info" })).toHaveProperty("version");
    });

    test("that hangs gives an error after the response timeout, others are served meanwhile, and the freeze comes later", async () => {
      await world.libvirt.agent.setResponseTimeout(world.domain, 2);
      await world.options.hangAgent(world.libvirt, world.domain, 6);
      const started = performance.now();
      const freezes = Array.from({ length: 6 }, () =>
        world.libvirt.agent.freeze(world.domain).catch((error: unknown) => error),
      );
      await sleep(200);
      const asked = performance.now();
      expect(await world.libvirt.rescue.domains.state(world.domain)).toMatchObject({ state: "running" });
      expect(performance.now() - asked).toBeLessThan(1000);
      expect(await Promise.race(freezes)).toMatchObject({ codeName: "agent-unresponsive", outcome: "unknown" });
      expect(performance.now() - started).toBeLessThan(6000);
      await Promise.all(freezes);
      await agentReady(world);
      await world.libvirt.agent.setResponseTimeout(world.domain, patientSeconds);
      // The first freeze lay in the agent's channel and was performed when the agent came back.
      expect(await world.libvirt.rescue.agent.fsfreezeStatus(world.domain)).toBe("frozen");
      expect(await world.libvirt.rescue.agent.thaw(world.domain)).toBe(2);
      expect(await world.libvirt.agent.fsfreezeStatus(world.domain)).toBe("thawed");
    });
  });
};
