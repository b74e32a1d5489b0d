import { failure } from "../failure/failure.ts";
import { mapChildren, withChild, withChildren } from "../xml/edit.ts";
import { attributeOf, childOf, element, elementsOf, type XmlElement } from "../xml/element.ts";

/** `virNetworkUpdateCommand` */
const commands = { modify: 1, delete: 2, addLast: 3, addFirst: 4 };
/** `virNetworkUpdateSection`: fixed addresses of the DHCP server. */
const dhcpHosts = 4;

/** Changes one entry of a network. Only fixed DHCP addresses are simulated. @throws {Failure} */
export const updateNetwork = (
  definition: XmlElement,
  command: number,
  section: number,
  entry: XmlElement,
): XmlElement => {
  if (section !== dhcpHosts) throw failure("no-support", "network", `updating section ${section} is not simulated`);
  const same = (other: XmlElement) => other.name === "host" && attributeOf(other, "mac") === attributeOf(entry, "mac");
  const ip = childOf(definition, "ip");
  if (ip === undefined) throw failure("operation-invalid", "network", "couldn't locate an <ip> element in network");
  const dhcp = childOf(ip, "dhcp") ?? element("dhcp");
  const exists = elementsOf(dhcp).some(same);
  if (exists && command >= commands.addLast) {
    throw failure("operation-invalid", "network", "there is an existing dhcp host entry in network that matches");
  }
  if (!exists && command < commands.addLast) {
    throw failure("operation-invalid", "network", "couldn't locate a matching dhcp host entry in network");
  }
  return mapChildren(definition, "ip", (one) =>
    one === ip ? withChild(ip, "dhcp", changed(dhcp, command, same, entry)) : one,
  );
};

const changed = (
  dhcp: XmlElement,
  command: number,
  same: (other: XmlElement) => boolean,
  entry: XmlElement,
): XmlElement => {
  const entries = elementsOf(dhcp);
  switch (command) {
    case commands.modify:
      return withChildren(
        dhcp,
        entries.map((other) => (same(other) ? entry : other)),
      );
    case commands.delete:
      return withChildren(
        dhcp,
        entries.filter((other) => !same(other)),
      );
    case commands.addFirst:
      return withChildren(dhcp, [entry, ...entries]);
    default:
      return withChildren(dhcp, [...entries, entry]);
  }
};
