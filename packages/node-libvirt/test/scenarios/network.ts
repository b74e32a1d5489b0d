import { expect, test } from "vitest";
import { connect, networkDefineFlags, networkUpdateFlags } from "../../src/index.ts";
import { expectError } from "./expectations.ts";
import { take } from "./take.ts";
import { otherDriver } from "./session.ts";
import type { World } from "./world.ts";

/** Virtual networks. */
export const networkScenarios = (world: World): void => {
  const { name } = world.options;

  test("a network is defined, changed and undefined", async () => {
    const network = await world.libvirt.networks.define(`<network><name>${name}</name>
      <ip address='192.168.77.1' netmask='255.255.255.0'><dhcp><range start='192.168.77.2' end='192.168.77.99'/></dhcp></ip>
      </network>`);
    await using events = await world.libvirt.events.networkLifecycle(network);
    expect(await world.libvirt.networks.byName(name)).toEqual(network);
    expect(await world.libvirt.networks.byUuid(network.uuid)).toEqual(network);
    expect(await world.libvirt.networks.list()).toContainEqual(network);
    expect(await world.libvirt.networks.isActive(network)).toBe(false);
    expect(await world.libvirt.networks.isPersistent(network)).toBe(true);
    const host = "<host mac='52:54:00:00:00:01' name='db' ip='192.168.77.5'/>";
    const change = { command: "addLast", section: "ipDhcpHost", parentIndex: -1, xml: host } as const;
    await world.libvirt.networks.update(network, change, networkUpdateFlags.config);
    expect(await world.libvirt.networks.xml(network)).toContain("192.168.77.5");
    await world.libvirt.networks.setAutostart(network, true);
    expect(await world.libvirt.networks.autostart(network)).toBe(true);
    expect(await world.libvirt.networks.dhcpLeases(network)).toEqual([]);
    await world.libvirt.networks.undefine(network);
    expect(await take(events, 1)).toEqual([{ network, event: "undefined" }]);
    await expectError(world.libvirt.networks.byName(name), "no-network");
  });

  test.skipIf("NETWORK_DEFINE_XML_FLAGS" in world.options.unproved)(
    "a definition is checked before it is taken",
    async () => {
      const { validate } = networkDefineFlags;
      const odd = `<network><name>${name}</name><nonsense/></network>`;
      await expectError(world.libvirt.networks.define(odd, validate), "xml-invalid-schema");
      const network = await world.libvirt.networks.define(`<network><name>${name}</name></network>`, validate);
      await world.libvirt.networks.undefine(network);
    },
  );

  test("a network is started and stopped", async () => {
    const testDriver = await connect(otherDriver(world, "test+unix:///default"), { onCall: world.onCall });
    const network = await testDriver.networks.byName("default");
    await using events = await testDriver.events.networkLifecycle();
    await testDriver.networks.destroy(network);
    expect(await testDriver.networks.isActive(network)).toBe(false);
    await testDriver.networks.start(network);
    expect(await testDriver.networks.isActive(network)).toBe(true);
    expect(await take(events, 2)).toEqual([
      { network, event: "stopped" },
      { network, event: "started" },
    ]);
    await testDriver.close();
  });
};
