import type { NetworkRef } from "@quiesce/node-libvirt/protocol";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import type { Host } from "../host/host.ts";
import type { ObjectLifecycle } from "../host/object-lifecycle.ts";
import { findNetwork, networkByName, toNetworkRef, type Network } from "../network/network.ts";
import { normalizeNetwork } from "../network/normalize-network.ts";
import { mustFitSchema } from "../network/must-fit-schema.ts";
import { updateNetwork } from "../network/update-network.ts";
import { textOf, type XmlElement } from "../xml/element.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Handlers } from "./call.ts";
import { passes } from "./list-filter.ts";
import { readXml } from "./read-xml.ts";

const inactiveFlag = 1;
const validateFlag = 1;
const updateFlags = { live: 1, config: 2 };

/** Virtual networks. */
export const networkCalls: Handlers = {
  connectListAllNetworks: ({ needResults, flags }, { host }) => {
    const found = [...host.networks.values()].filter((network) => passes(flags, groupsOf(network))).map(toNetworkRef);
    return { networks: needResults > 0 ? found : [], count: found.length };
  },
  networkLookupByName: ({ name }, { host }) => {
    const network = networkByName(host, name);
    if (network === undefined) throw failure("no-network", "network", `no network with matching name '${name}'`);
    return { network: toNetworkRef(network) };
  },
  networkLookupByUuid: ({ uuid }, { host }) => {
    const network = host.networks.get(uuid);
    if (network === undefined) throw failure("no-network", "network", `no network with matching uuid '${uuid}'`);
    return { network: toNetworkRef(network) };
  },
  networkGetXmlDesc: ({ network: ref, flags }, { host }) => {
    const { live, config } = findNetwork(host, ref);
    return { xml: printXml((flags & inactiveFlag) === 0 ? (live ?? config) : config) };
  },
  networkIsActive: ({ network }, { host }) => ({ active: findNetwork(host, network).live !== undefined }),
  networkIsPersistent: ({ network }, { host }) => ({ persistent: findNetwork(host, network).persistent }),
  networkGetAutostart: ({ network }, { host }) => ({ autostart: findNetwork(host, network).autostart }),
  networkSetAutostart: ({ network, autostart }, { host }) => {
    findNetwork(host, network).autostart = autostart;
  },
  networkGetDhcpLeases: ({ network }, { host }) => {
    findNetwork(host, network);
    return { leases: [], count: 0 };
  },
  networkDefineXml: ({ xml }, { host }) => {
    const config = normalizeNetwork(readXml(xml, "network_definition", "network"), host);
    return { network: define(host, config) };
  },
  networkDefineXmlFlags: ({ xml, flags }, { host }) => {
    checkFlags(flags, validateFlag, "networkDefineXMLFlags", "network");
    const given = readXml(xml, "network_definition", "network");
    if ((flags & validateFlag) !== 0) mustFitSchema(given);
    return { network: define(host, normalizeNetwork(given, host)) };
  },
  networkCreate: ({ network: ref }, { host }) => {
    const network = findNetwork(host, ref);
    if (network.live !== undefined) throw invalid(`network is already active`);
    network.live = network.config;
    tell(host, network, "started");
  },
  networkDestroy: ({ network: ref }, { host }) => {
    const network = findNetwork(host, ref);
    if (network.live === undefined) throw invalid(`network '${network.name}' is not active`);
    network.live = undefined;
    tell(host, network, "stopped");
    if (!network.persistent) host.networks.delete(network.uuid);
  },
  networkUndefine: ({ network: ref }, { host }) => {
    const network = findNetwork(host, ref);
    network.persistent = false;
    network.autostart = false;
    if (network.live === undefined) host.networks.delete(network.uuid);
    tell(host, network, "undefined");
  },
  networkUpdate: ({ network: ref, command, section, xml, flags }, { host }) => {
    const network = findNetwork(host, ref);
    const entry = readXml(xml, "network_update_xml", "network");
    const change = (definition: XmlElement) => updateNetwork(definition, command, section, entry);
    const affectsLive = (flags & updateFlags.live) !== 0 || (flags === 0 && network.live !== undefined);
    if (affectsLive && network.live === undefined) throw invalid("network is not running");
    if (affectsLive && network.live !== undefined) network.live = change(network.live);
    if ((flags & updateFlags.config) !== 0 || !affectsLive) network.config = change(network.config);
  },
};

const invalid = (reason: string) => failure("operation-invalid", "network", reason);

const tell = (host: Host, network: Network, what: ObjectLifecycle<"network">): void =>
  host.events.emit({ kind: "network", network: toNetworkRef(network), what });

/** @throws {Failure} operation-failed when the name or the UUID belongs to another network. */
const define = (host: Host, config: XmlElement): NetworkRef => {
  const network = enter(host, config);
  tell(host, network, "defined");
  return toNetworkRef(network);
};

const enter = (host: Host, config: XmlElement): Network => {
  const name = textOf(config, "name") ?? "";
  const uuid = textOf(config, "uuid") ?? "";
  const sameUuid = host.networks.get(uuid);
  const sameName = networkByName(host, name);
  if (sameUuid !== undefined && sameUuid.name !== name) {
    throw failure("operation-failed", "network", `network '${sameUuid.name}' is already defined with uuid ${uuid}`);
  }
  if (sameName !== undefined && sameName.uuid !== uuid) {
    throw failure("operation-failed", "network", `network '${name}' already exists with uuid ${sameName.uuid}`);
  }
  if (sameUuid !== undefined) {
    sameUuid.config = config;
    sameUuid.persistent = true;
    return sameUuid;
  }
  const network: Network = { uuid, name, autostart: false, persistent: true, config, live: undefined };
  host.networks.set(uuid, network);
  return network;
};

const groupsOf = ({ live, persistent, autostart }: Network) =>
  [
    [
      [1, live === undefined],
      [2, live !== undefined],
    ],
    [
      [4, persistent],
      [8, !persistent],
    ],
    [
      [16, autostart],
      [32, !autostart],
    ],
  ] as const;
