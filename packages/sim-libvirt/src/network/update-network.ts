import { failure, type Failure } from "../failure/failure.ts";
import { mapChildren, withChild, withChildren } from "../xml/edit.ts";
import { attributeOf, childOf, element, elementsOf, textOf, type XmlElement } from "../xml/element.ts";

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
  if (exists && command >= commands.addLast) throw alreadyThere(definition, entry);
  if (!exists && command < commands.addLast) throw notThere(definition, entry);
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

const named = (definition: XmlElement): string => `network '${textOf(definition, "name") ?? ""}'`;
const described = ({ attributes }: XmlElement): readonly string[] =>
  ["mac", "name", "ip"].map((name) => `${name}='${attributes[name] ?? ""}'`);

const alreadyThere = (definition: XmlElement, entry: XmlElement): Failure => {
  const text = `there is an existing dhcp host entry in ${named(definition)} that matches "<host ${described(entry).join(" ")}/>"`;
  return failure("operation-invalid", "network", text);
};

const notThere = (definition: XmlElement, entry: XmlElement): Failure => {
  const wanted = described(entry).map((part) => `"${part}"`);
  const text = `couldn't locate an existing dhcp host entry with ${wanted.join(" ")} in ${named(definition)}`;
  return failure("operation-invalid", "network", text);
};
