import { expect, test } from "vitest";
import { connect } from "../../src/index.ts";
import { expectError } from "./expectations.ts";
import type { World } from "./world.ts";

/** The same daemon, asked for another driver. */
export const otherDriver = (world: World, driver: string): string => world.options.uri.replace(/^[^?]*/u, driver);

/** Ways to open a session. */
export const sessionScenarios = (world: World): void => {
  test("asked for no driver, the daemon chooses", async () => {
    const libvirt = await connect(otherDriver(world, "remote+unix:///"));
    expect(await libvirt.host.uri()).toBe(await world.libvirt.host.uri());
    await libvirt.close();
  });

  test("asked for a driver that it does not have, the daemon says so", async () => {
    await expectError(connect(otherDriver(world, "nonesuch+unix:///system")), "no-connect");
  });

  test("read-only, the daemon refuses changes", async () => {
    const libvirt = await connect(world.options.uri, { readOnly: true });
    expect(await libvirt.host.hostname()).toBe(await world.libvirt.host.hostname());
    await expectError(libvirt.domains.define("<domain/>"), "operation-denied");
    await libvirt.close();
  });
};
