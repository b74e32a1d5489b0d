import { diskOf, type DomainDisk } from "./disk.ts";
import { all, at, readXml, type XmlElement } from "./xml.ts";

/** What we read of a domain's XML. */
export interface Domain {
  readonly name: string;
  readonly uuid: string;
  /** Hard disks only: what a CD-ROM or a floppy drive holds is not the machine's own. */
  readonly disks: readonly DomainDisk[];
  /** The channel of the guest agent; `connected` is known of an active domain only. */
  readonly agent: "none" | "disconnected" | "connected";
  /** UEFI variables lie in a flash device of their own. */
  readonly pflash: boolean;
  /** Path of the file with the UEFI variables. */
  readonly nvram: string | undefined;
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
    disks: all(devices, "disk").flatMap(diskOf),
    agent: agentOf(devices),
    pflash: all(at(domain, "os"), "loader").some(({ attributes }) => attributes["type"] === "pflash"),
    nvram: nvramOf(at(domain, "os", "nvram")),
    pinned: pinnedOf(devices),
  };
};

/** Newer definitions name it like a disk's source. */
const nvramOf = (nvram: XmlElement | undefined): string | undefined => {
  const path = at(nvram, "source")?.attributes["file"] ?? nvram?.text;
  return path === "" ? undefined : path;
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
