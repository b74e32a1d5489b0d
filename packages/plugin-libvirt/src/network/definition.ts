import { failure, type JsonObject } from "@quiesce/core";
import { networkXmlFlags, type CallOptions, type LibvirtReader, type NetworkRef } from "@quiesce/node-libvirt";

/** What a snapshot of a network is: its definition and how it is kept. `Outcome.saved` has these fields. */
export interface NetworkDefinition {
  readonly name: string;
  readonly uuid: string;
  readonly xml: string;
  readonly active: boolean;
  readonly autostart: boolean;
}

/** Reads the persistent definition; of a transient network the running one, which is all that there is. */
export const readDefinition = async (
  { networks }: Pick<LibvirtReader, "networks">,
  network: NetworkRef,
  options: CallOptions,
): Promise<NetworkDefinition> => {
  const persistent = await networks.isPersistent(network, options);
  const [xml, active, autostart] = await Promise.all([
    networks.xml(network, persistent ? networkXmlFlags.inactive : 0, options),
    networks.isActive(network, options),
    persistent ? networks.autostart(network, options) : false,
  ]);
  return { name: network.name, uuid: network.uuid, xml, active, autostart };
};

/** The definition in what a capture saved; throws when it is not whole. */
export const definitionIn = ({ name, uuid, xml, active, autostart }: JsonObject): NetworkDefinition => {
  if (typeof name === "string" && typeof uuid === "string" && typeof xml === "string")
    return { name, uuid, xml, active: active === true, autostart: autostart === true };
  throw failure("invalid", "The backup set holds no whole definition of this network.");
};
