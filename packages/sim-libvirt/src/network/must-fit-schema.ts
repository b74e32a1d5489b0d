import { failure } from "../failure/failure.ts";
import { elementsOf, type XmlElement } from "../xml/element.ts";

/** What may stand directly in a network's definition. */
const known: ReadonlySet<string> = new Set([
  "bandwidth",
  "bridge",
  "description",
  "dns",
  "domain",
  "forward",
  "ip",
  "mac",
  "metadata",
  "mtu",
  "name",
  "options",
  "port",
  "portgroup",
  "route",
  "title",
  "uuid",
  "virtualport",
  "vlan",
]);

/** The outermost level of the daemon's schema. @throws {Failure} xml-invalid-schema */
export const mustFitSchema = (network: XmlElement): void => {
  const odd = elementsOf(network).find(({ name }) => !known.has(name));
  if (odd === undefined) return;
  const text = `Unable to validate doc against /usr/share/libvirt/schemas/network.rng\nExtra element ${odd.name} in interleave`;
  throw failure("xml-invalid-schema", "xml", text);
};
