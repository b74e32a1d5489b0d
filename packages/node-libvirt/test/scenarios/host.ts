import { expect, test } from "vitest";
import type { World } from "./world.ts";

/** What the host says of itself. */
export const hostScenarios = (world: World): void => {
  test("the host says what it is", async () => {
    expect((await world.libvirt.host.libvirtVersion()).major).toBeGreaterThanOrEqual(9);
    expect((await world.libvirt.host.hypervisorVersion()).major).toBeGreaterThanOrEqual(5);
    expect(await world.libvirt.host.driver()).toBe("QEMU");
    expect(await world.libvirt.host.uri()).toMatch(/^qemu:\/\/\/(session|system)$/u);
    expect(await world.libvirt.host.hostname()).not.toBe("");
    const { cpuModel, cpus, memoryBytes } = await world.libvirt.host.info();
    expect(cpuModel).toMatch(/^[\w-]+$/u);
    expect(cpus).toBeGreaterThan(0);
    expect(await world.libvirt.host.freeMemoryBytes()).toBeLessThan(memoryBytes);
    expect(await world.libvirt.host.capabilities()).toMatch(/^<capabilities>/u);
    const choice = { arch: "x86_64", virtType: "qemu", machine: "pc" };
    expect(await world.libvirt.host.domainCapabilities(choice)).toMatch(/<backup supported='yes'\/>/u);
  });
};
