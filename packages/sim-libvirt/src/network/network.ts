import type { NetworkRef } from "@quiesce/node-libvirt/protocol";
import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import type { XmlElement } from "../xml/element.ts";

/** A virtual network as the daemon holds it. */
export interface Network {
  readonly uuid: string;
  readonly name: string;
  autostart: boolean;
  persistent: boolean;
  /** The definition for the next start. */
  config: XmlElement;
  /** The definition that runs. */
  live: XmlElement | undefined;
}

/** By UUID alone. @throws {Failure} no-network */
export const findNetwork = (host: Host, { uuid, name }: NetworkRef): Network => {
  const network = host.networks.get(uuid);
  if (network !== undefined) return network;
  throw failure("no-network", "network", `no network with matching uuid '${uuid}' (${name})`);
};

export const networkByName = (host: Host, name: string): Network | undefined =>
  [...host.networks.values()].find((network) => network.name === name);

export const toNetworkRef = ({ name, uuid }: Network): NetworkRef => ({ name, uuid });
