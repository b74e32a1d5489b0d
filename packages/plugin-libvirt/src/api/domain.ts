import { diskOf, isDrive, type DomainDisk } from "./disk.ts";
import { all, at, readXml, type XmlElement } from "./xml.ts";

/** What we read of a domain's XML. */
export interface Domain {
  readonly name: string;
  readonly uuid: string;
  readonly description: string;
  /** Hard disks only: what a CD-ROM or a floppy drive holds is not the machine's own. */
  readonly disks: readonly DomainDisk[];
  /** Names of the CD-ROM and floppy drives. */
  readonly drives: readonly string[];
  /** The channel of the guest agent; `connected` is known of an active domain only. */
  readonly agent: "none" | "disconnected" | "connected";
  /** UEFI variables lie in a flash device of their own. */
  readonly pflash: boolean;
  /** The file on the host that holds those variables; undefined where libvirt has not chosen one yet. */
  readonly nvram: string | undefined;
  /** The folder of the agent's socket on the host: this machine's QEMU may listen there. Known of an active domain only. */
  readonly socketFolder: string | undefined;
  /** What QEMU cannot put into a memory image: assigned PCI devices, shared host folders. */
  readonly pinned: readonly string[];
}

export const readDomain = (xml: string): Domain => domainOf(readXml(xml, "domain"));

/** Also of the `<domain>` inside a snapshot's XML. */
export const domainOf = (domain: XmlElement): Domain => {
  const devices = at(domain, "devices");
  return {
    name: at(domain, "name")?.text ?? "",
    uuid: at(domain, "uuid")?.text ?? "",
    description: at(domain, "description")?.text ?? "",
    disks: all(devices, "disk").flatMap(diskOf),
    drives: all(devices, "disk").flatMap((disk) =>
      isDrive(disk) ? (at(disk, "target")?.attributes["dev"] ?? []) : [],
    ),
    agent: agentOf(devices),
    pflash: all(at(domain, "os"), "loader").some(({ attributes }) => attributes["type"] === "pflash"),
    nvram: nvramOf(domain),
    socketFolder: socketFolderOf(devices),
    pinned: pinnedOf(devices),
  };
};

/** An empty element, or one with a source that is no file, names no path. */
const nvramOf = (domain: XmlElement): string | undefined => {
  const nvram = at(domain, "os", "nvram");
  return nvram?.text || at(nvram, "source")?.attributes["file"];
};

const socketFolderOf = (devices: XmlElement | undefined): string | undefined => {
  const paths = all(devices, "channel").map((channel) => at(channel, "source")?.attributes);
  const bound = paths.find((source) => source?.["mode"] === "bind" && source["path"] !== undefined);
  return bound?.["path"]?.replace(/\/[^/]*$/, "");
};

/** Names of disks that are encrypted on the host. */
export const encryptedDisks = (xml: string): readonly string[] =>
  all(at(readXml(xml, "domain"), "devices"), "disk").flatMap((disk) =>
    at(disk, "encryption") === undefined && at(disk, "source", "encryption") === undefined
      ? []
      : [at(disk, "target")?.attributes["dev"] ?? ""],
  );

const agentOf = (devices: XmlElement | undefined): Domain["agent"] => {
  const target = all(devices, "channel")
    .map((channel) => at(channel, "target")?.attributes)
    .find((attributes) => attributes?.["name"] === "org.qemu.guest_agent.0");
  if (target === undefined) return "none";
  return target["state"] === "connected" ? "connected" : "disconnected";
};

const pinnedOf = (devices: XmlElement | undefined): readonly string[] => {
  const hosts = all(devices, "hostdev").filter(({ attributes }) => attributes["type"] !== "usb");
  return [
    ...hosts.map(({ attributes }) => `an assigned host device (${attributes["type"] ?? "unknown"})`),
    ...all(devices, "filesystem").map(() => "a folder shared from the host"),
  ];
};
