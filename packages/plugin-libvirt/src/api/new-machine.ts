import { createHash } from "node:crypto";
import { diskName } from "./restored-definition.ts";
import type { XmlNode } from "./xml.ts";
import {
  attributesOf,
  buildTree,
  childrenOf,
  editAt,
  element,
  parseTree,
  tagOf,
  textNode,
  withOnly,
} from "./xml-tree.ts";

export interface NewMachine {
  readonly uuid: string;
  /** Without it each network card's cable is out. */
  readonly connect: boolean;
  /** Names of the disks that get a new volume; others of the original that can be written to are left out. */
  readonly captured: readonly string[];
}

/**
 * The definition of a machine that is to run beside the one that it was taken from: another UUID, other network addresses, and
 * nothing of the host that only one of them can have. `leftOut` says for people what the new machine lacks.
 */
export const newMachine = (
  xml: string,
  wanted: NewMachine,
): { readonly xml: string; readonly leftOut: readonly string[] } => {
  const leftOut: string[] = [];
  const domain = editAt(parseTree(xml), ["domain"], (children) =>
    withOnly(children, element("uuid", {}, [textNode(wanted.uuid)])).flatMap(ownPart),
  );
  const devices = editAt(domain, ["domain", "devices"], (all) =>
    all.flatMap((device, index) => {
      const own = ownDevice(device, index, wanted);
      if (typeof own !== "string") return [own];
      leftOut.push(own);
      return [];
    }),
  );
  return { xml: buildTree(devices), leftOut };
};

/** Parts beside the devices. */
const ownPart = (part: XmlNode): readonly XmlNode[] => {
  switch (tagOf(part)) {
    case "metadata":
      // Marks of ours and of other tools speak of the original.
      return [];
    case "genid":
      return [element("genid")];
    case "sysinfo":
      return [withoutOldUuid(part)];
    case "os":
      // libvirt makes the file of a machine with this name; the restored variables come in its place.
      return [{ ...part, os: childrenOf(part).map((child) => (tagOf(child) === "nvram" ? emptyNvram(child) : child)) }];
    default:
      return [part];
  }
};

const emptyNvram = (nvram: XmlNode): XmlNode => {
  const { template } = attributesOf(nvram);
  return element("nvram", template === undefined ? {} : { template });
};

/** libvirt refuses a definition in which it differs from the machine's own. */
const withoutOldUuid = (sysinfo: XmlNode): XmlNode => ({
  ...sysinfo,
  sysinfo: childrenOf(sysinfo).map((table) =>
    tagOf(table) === "system"
      ? { ...table, system: childrenOf(table).filter((entry) => attributesOf(entry)["name"] !== "uuid") }
      : table,
  ),
});

/** A device as the new machine has it, or what to say of one that it cannot have. */
const ownDevice = (device: XmlNode, index: number, wanted: NewMachine): XmlNode | string => {
  const { type } = attributesOf(device);
  switch (tagOf(device)) {
    case "disk":
      return ownDisk(device, wanted);
    case "interface":
      return type === "hostdev"
        ? "a network card of the host that was assigned to the original"
        : ownInterface(device, index, wanted);
    case "hostdev":
      return "a device of the host that was assigned to the original";
    case "lease":
      return "a lease on a resource that the original holds";
    case "serial":
    case "parallel":
    case "console":
    case "channel":
      return ownChannel(device, wanted);
    case "graphics":
      return ownGraphics(device);
    case "vsock":
      return element("vsock", attributesOf(device), [
        ...childrenOf(device).filter((child) => tagOf(child) !== "cid"),
        element("cid", { auto: "yes" }),
      ]);
    default:
      return device;
  }
};

const ownDisk = (disk: XmlNode, { captured }: NewMachine): XmlNode | string => {
  const name = diskName(disk);
  if (captured.includes(name)) return disk;
  const { device = "disk" } = attributesOf(disk);
  const readonly =
    ["cdrom", "floppy"].includes(device) || childrenOf(disk).some((child) => tagOf(child) === "readonly");
  return readonly ? disk : `disk ${name}, which is not in the backup and can be written to`;
};

const ownInterface = (card: XmlNode, index: number, { uuid, connect }: NewMachine): XmlNode => {
  const kept = childrenOf(card)
    // The name of the tap device on the host, and what a virtual switch knows the original's port by.
    .filter((child) => !["target", "link", "portid"].includes(tagOf(child)))
    .map((child) => (tagOf(child) === "virtualport" ? withoutPort(child) : child));
  const addressed = withOnly(kept, element("mac", { address: macOf(uuid, index) }));
  return {
    ...card,
    interface: connect ? addressed : [...addressed, element("link", { state: "down" })],
  };
};

const withoutPort = (port: XmlNode): XmlNode => ({
  ...port,
  virtualport: childrenOf(port).map((child) => {
    const { interfaceid: _, instanceid: __, ...attributes } = attributesOf(child);
    return element(tagOf(child), attributes, childrenOf(child));
  }),
});

/** In QEMU's own range, and the same for each try. */
const macOf = (uuid: string, index: number): string => {
  const hash = createHash("sha256").update(`${uuid}/${index}`).digest("hex");
  return `52:54:00:${hash.slice(0, 2)}:${hash.slice(2, 4)}:${hash.slice(4, 6)}`;
};

/** Two machines cannot listen on one socket or write one file: each file gets the new machine's UUID behind its name. */
const ownChannel = (device: XmlNode, { uuid }: NewMachine): XmlNode => {
  const { type } = attributesOf(device);
  const agent = tagOf(device) === "channel" && type === "unix";
  const children = childrenOf(device).flatMap((child): readonly XmlNode[] => {
    const attributes = attributesOf(child);
    const tag = tagOf(child);
    // libvirt chooses a free path for a machine's own channels.
    if (tag === "source" && agent && attributes["mode"] !== "connect") return [];
    if (tag === "source" && attributes["path"] !== undefined && isOwnFile(type, attributes["mode"]))
      return [element(tag, { ...attributes, path: `${attributes["path"]}.${uuid}` }, childrenOf(child))];
    if (tag === "log" && attributes["file"] !== undefined)
      return [element(tag, { ...attributes, file: `${attributes["file"]}.${uuid}` })];
    return [child];
  });
  return { ...device, [tagOf(device)]: children };
};

const isOwnFile = (type: string | undefined, mode: string | undefined): boolean =>
  type === "file" || (type === "unix" && mode !== "connect");

/** A fixed port or socket of the original is taken while that runs. */
const ownGraphics = (graphics: XmlNode): XmlNode => {
  const { port, tlsPort: _, socket: __, websocket: ___, ...attributes } = attributesOf(graphics);
  const children = childrenOf(graphics).map((child) => {
    if (tagOf(child) !== "listen") return child;
    const { socket: ____, ...listen } = attributesOf(child);
    return element("listen", listen);
  });
  const chosen = port === undefined ? {} : { port: "-1", autoport: "yes" };
  return { graphics: children, ":@": { ...attributes, ...chosen } };
};
