import { failure, Failure } from "../failure/failure.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from "../xml/element.ts";

type DiskMode = "internal" | "external" | "no";

/** What a client asks of a new snapshot. */
export interface SnapshotRequest {
  /** Without one the daemon takes the time. */
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly memory: DiskMode | undefined;
  readonly disks: readonly DiskRequest[];
}

export interface DiskRequest {
  readonly name: string;
  readonly mode: DiskMode | undefined;
  /** Where an external snapshot goes. */
  readonly overlay: string | undefined;
}

/** @throws {Failure} */
export const readSnapshotRequest = (xml: XmlElement): SnapshotRequest => {
  if (xml.name !== "domainsnapshot") {
    throw failure("xml-error", "xml", `expecting root element of 'domainsnapshot', not '${xml.name}'`);
  }
  const name = textOf(xml, "name");
  if (name !== undefined) checkName(name);
  return {
    name: name === "" ? undefined : name,
    description: textOf(xml, "description"),
    memory: modeOf(childOf(xml, "memory")),
    disks: childrenOf(childOf(xml, "disks"), "disk").map((disk) => ({
      name: attributeOf(disk, "name") ?? "",
      mode: modeOf(disk),
      overlay: attributeOf(childOf(disk, "source"), "file"),
    })),
  };
};

const checkName = (name: string): void => {
  const reason = name.includes("/")
    ? "name can't contain '/'"
    : name.startsWith(".")
      ? "name can't start with '.'"
      : "";
  if (reason === "") return;
  throw new Failure(errorCodes["xml-detail"].code, errorDomains.qemu, `invalid snapshot name '${name}': ${reason}`);
};

const modeOf = (part: XmlElement | undefined): DiskMode | undefined => {
  const mode = attributeOf(part, "snapshot");
  if (mode === undefined || mode === "internal" || mode === "external" || mode === "no") return mode;
  throw failure("config-unsupported", "snapshot", `unknown snapshot mode '${mode}'`);
};
