import { networkListFlags, networkUpdateFlags, networkXmlFlags, type NetworkRef } from "@quiesce/node-libvirt";
import type { Stage } from "./stage.ts";

const ghost = { name: "ghost", uuid: "00000000-0000-4000-8000-000000000000" };
const host = (mac: string, ip: string) => `<host mac='52:54:00:00:00:${mac}' name='h${mac}' ip='${ip}'/>`;

/** Definitions of networks. Starting one needs more rights than a lab has. */
export const networkStory = async ({ story, libvirt: { networks } }: Stage): Promise<void> => {
  const { name } = story;
  const isOurs = (network: NetworkRef) => network.name === name;
  let network: NetworkRef = ghost;

  await story.step("network by a name that is not there", () => networks.byName("nobody"));
  await story.step("network by a UUID that is not there", () => networks.byUuid(ghost.uuid));
  await story.step("definition of a network that is not there", () => networks.xml(ghost));
  await story.step("define a network without a name", () => networks.define("<network/>"));
  await story.step("define what is no network", () => networks.define("<domain/>"));
  await story.step("define a network", async () => {
    network = await networks.define(`<network><name>${name}</name><ip address='192.168.78.1' netmask='255.255.255.0'>
      <dhcp><range start='192.168.78.2' end='192.168.78.99'/>${host("01", "192.168.78.5")}</dhcp></ip></network>`);
    return network;
  });
  await story.step("its definition", () => networks.xml(network, networkXmlFlags.inactive));
  await story.step("define the same network name anew", () =>
    networks.define(`<network><name>${name}</name></network>`),
  );
  await story.step("define the same network UUID under another name", () =>
    networks.define(`<network><name>${name}-2</name><uuid>${network.uuid}</uuid></network>`),
  );
  await story.step("stop a network that is off", () => networks.destroy(network));
  await story.step("autostart", async () => [
    await networks.autostart(network),
    await networks.setAutostart(network, true),
    await networks.autostart(network),
  ]);
  for (const [flag, value] of Object.entries(networkListFlags)) {
    await story.step(`networks with flag ${flag}`, async () => (await networks.list(value)).filter(isOurs));
  }
  const add = { command: "addLast", section: "ipDhcpHost", parentIndex: -1 } as const;
  const update = (mac: string, ip: string, command: "addLast" | "modify" | "delete" = "addLast") =>
    networks.update(network, { ...add, command, xml: host(mac, ip) }, networkUpdateFlags.config);
  await story.step("add a fixed address", () => update("02", "192.168.78.6"));
  await story.step("add a fixed address again", () => update("02", "192.168.78.6"));
  await story.step("change a fixed address", () => update("02", "192.168.78.7", "modify"));
  await story.step("change one that is not there", () => update("03", "192.168.78.8", "modify"));
  await story.step("take a fixed address away", () => update("01", "192.168.78.5", "delete"));
  await story.step("its definition after the changes", () => networks.xml(network));
  await story.step("undefine the network", () => networks.undefine(network));
  await story.step("undefine the network again", () => networks.undefine(network));
};
