import { missingName } from "../domain/normalize-domain.ts";
import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import { attributeOf, childOf, element, elementsOf, textOf, type XmlElement } from "../xml/element.ts";

/** Forward modes that get a bridge of their own; the others lend one of the host. */
const ownBridge = new Set([undefined, "nat", "route", "open"]);

/**
 * A network definition as the daemon keeps it: UUID, bridge name and MAC are made up where they are missing.
 * @throws {Failure}
 */
export const normalizeNetwork = (given: XmlElement, host: Host): XmlElement => {
  if (given.name !== "network") {
    throw failure("xml-error", "xml", `expecting root element of 'network', not '${given.name}'`);
  }
  const name = textOf(given, "name");
  if (name === undefined || name === "") throw missingName("network");
  const forward = childOf(given, "forward");
  const bridged = ownBridge.has(forward === undefined ? undefined : (attributeOf(forward, "mode") ?? "nat"));
  const bridge = childOf(given, "bridge");
  const ordered = [
    element("name", {}, name),
    element("uuid", {}, textOf(given, "uuid")?.toLowerCase() ?? host.random.uuid()),
    childOf(given, "metadata"),
    forward,
    bridged
      ? element("bridge", {
          name: attributeOf(bridge, "name") ?? freeBridge(host),
          stp: attributeOf(bridge, "stp") ?? "on",
          delay: attributeOf(bridge, "delay") ?? "0",
        })
      : bridge,
    childOf(given, "mtu"),
    bridged ? (childOf(given, "mac") ?? element("mac", { address: host.random.mac() })) : childOf(given, "mac"),
  ].filter((part) => part !== undefined);
  const placed = new Set([...ordered.map((part) => part.name), "connections"]);
  return element(
    "network",
    {},
    ordered,
    elementsOf(given).filter((part) => !placed.has(part.name)),
  );
};

const freeBridge = (host: Host): string => {
  const taken = new Set(
    [...host.networks.values()].map(({ config }) => attributeOf(childOf(config, "bridge"), "name")),
  );
  const numbers = Array.from({ length: taken.size + 1 }, (_, number) => `virbr${number}`);
  return numbers.find((name) => !taken.has(name)) ?? "virbr0";
};
