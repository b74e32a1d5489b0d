import type { Host } from "../host/host.ts";
import type { Network } from "../network/network.ts";
import { normalizeNetwork } from "../network/normalize-network.ts";
import { element, textOf } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { networkSpecSchema, type NetworkSpecInput } from "./spec.ts";

export const addNetwork = (host: Host, input: NetworkSpecInput): Network => {
  const { name, active, autostart, xml } = networkSpecSchema.parse(input);
  const given = xml === undefined ? element("network", {}, element("name", {}, name)) : parseXml(xml);
  const config = normalizeNetwork(given, host);
  const uuid = textOf(config, "uuid") ?? "";
  const network: Network = { uuid, name, autostart, persistent: true, config, live: active ? config : undefined };
  host.networks.set(uuid, network);
  return network;
};
