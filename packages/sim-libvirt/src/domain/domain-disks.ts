import { attributeOf, childOf, childrenOf, type XmlElement } from "../xml/element.ts";

export interface DomainDisk {
  readonly target: string;
  readonly device: string;
  readonly type: string;
  readonly format: string;
  /** Without one the drive is empty, or its source is no file. */
  readonly path: string | undefined;
  readonly readonly: boolean;
}

export const disksOf = (domain: XmlElement): readonly DomainDisk[] =>
  childrenOf(childOf(domain, "devices"), "disk").map((disk) => ({
    target: attributeOf(childOf(disk, "target"), "dev") ?? "",
    device: attributeOf(disk, "device") ?? "disk",
    type: attributeOf(disk, "type") ?? "file",
    format: attributeOf(childOf(disk, "driver"), "type") ?? "raw",
    path: attributeOf(childOf(disk, "source"), "file") ?? attributeOf(childOf(disk, "source"), "dev"),
    readonly: childOf(disk, "readonly") !== undefined || attributeOf(disk, "device") === "cdrom",
  }));

/** The disks that a guest writes to. */
export const writableDisksOf = (domain: XmlElement): readonly (DomainDisk & { readonly path: string })[] =>
  disksOf(domain).flatMap((disk) =>
    disk.device === "disk" && !disk.readonly && disk.path !== undefined ? [{ ...disk, path: disk.path }] : [],
  );
