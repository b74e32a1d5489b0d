import { failure, Failure } from "../failure/failure.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import type { Random } from "../host/random.ts";
import { bytesOf } from "../xml/bytes.ts";
import { mapChildren, withAttributes, withChild, withChildren } from "../xml/edit.ts";
import { attributeOf, childOf, childrenOf, element, elementsOf, textOf, type XmlElement } from "../xml/element.ts";

/**
 * A domain definition as the daemon keeps it: what it must have is checked, what it may leave out is filled in.
 * @throws {Failure}
 */
export const normalizeDomain = (given: XmlElement, random: Random): XmlElement => {
  const name = textOf(given, "name");
  if (given.name !== "domain") {
    throw failure("xml-error", "xml", `expecting root element of 'domain', not '${given.name}'`);
  }
  if (name === undefined || name === "") throw missingName("domain");
  if (textOf(childOf(given, "os"), "type") === undefined)
    throw failure("xml-error", "domain", "an os <type> must be specified");
  const memory = kibibytes(childOf(given, "memory"), 0);
  const filled = [
    element("name", {}, name),
    element("uuid", {}, textOf(given, "uuid")?.toLowerCase() ?? random.uuid()),
    childOf(given, "title"),
    childOf(given, "description"),
    childOf(given, "metadata"),
    element("memory", { unit: "KiB" }, String(memory)),
    element("currentMemory", { unit: "KiB" }, String(kibibytes(childOf(given, "currentMemory"), memory))),
    element("vcpu", { placement: "static" }, textOf(given, "vcpu") ?? "1"),
    element("os", {}, elementsOf(childOf(given, "os"))),
  ].filter((part) => part !== undefined);
  const taken = new Set([...filled.map((part) => part.name), "devices", "title", "description", "metadata"]);
  const rest = elementsOf(given).filter((part) => !taken.has(part.name));
  const defaults = [
    element("clock", { offset: "utc" }),
    element("on_poweroff", {}, "destroy"),
    element("on_reboot", {}, "restart"),
    element("on_crash", {}, "destroy"),
  ].filter((part) => !rest.some((given) => given.name === part.name));
  return element(
    "domain",
    { type: attributeOf(given, "type"), ...namespacesOf(given) },
    filled,
    rest,
    defaults,
    devices(given, random),
  );
};

export const missingName = (domain: "domain" | "network"): Failure =>
  new Failure(errorCodes["no-name"].code, errorDomains[domain], "missing name information");

const namespacesOf = ({ attributes }: XmlElement): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith("xmlns")));

const devices = (given: XmlElement, random: Random): XmlElement => {
  const all = childOf(given, "devices") ?? element("devices");
  const emulator = childOf(all, "emulator") ?? element("emulator", {}, "/usr/bin/qemu-system-x86_64");
  const others = elementsOf(all).filter((device) => device.name !== "emulator");
  const complete = mapChildren(withChildren(all, [emulator, ...others]), "interface", (nic) =>
    childOf(nic, "mac") === undefined
      ? withChildren(nic, [element("mac", { address: random.mac() }), ...nic.children])
      : nic,
  );
  return mapChildren(complete, "disk", (disk) =>
    withAttributes(disk, { type: attributeOf(disk, "type") ?? "file", device: attributeOf(disk, "device") ?? "disk" }),
  );
};

const kibibytes = (amount: XmlElement | undefined, otherwise: number): number =>
  amount === undefined ? otherwise : Math.ceil(bytesOf(amount, "KiB", "domain") / 1024);

/** What runs: the definition with the run's id, and with the state of the agent's channel filled in by whoever prints it. */
export const toLive = (config: XmlElement, id: number): XmlElement => {
  const numbered = withAttributes(config, { id: String(id) });
  const devices = childOf(numbered, "devices");
  if (devices === undefined) return numbered;
  const disks = childrenOf(devices, "disk");
  const named = mapChildren(devices, "disk", (disk, index) => {
    const source = childOf(disk, "source");
    if (source === undefined) return disk;
    const indexed = withAttributes(source, { index: String(disks.length - index) });
    return withChild(disk, "source", indexed);
  });
  return withChild(numbered, "devices", named);
};
