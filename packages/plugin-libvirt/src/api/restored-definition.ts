import { escapeXml } from "./escape-xml.ts";
import { markedChildren, unmarkedChildren } from "./mark-node.ts";
import type { MarkFields, MarkKind } from "./mark.ts";
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

/** Where a restored disk lies now, as libvirt names it. */
export interface NewSource {
  readonly type: "file" | "block";
  readonly path: string;
  readonly pool: string;
  readonly volume: string;
}

export interface RestoredParts {
  readonly name: string;
  /** By the disk's name inside the machine. */
  readonly disks: ReadonlyMap<string, NewSource>;
  /** Path of the file with the UEFI variables. */
  readonly nvram: string | undefined;
  readonly mark: { readonly kind: MarkKind; readonly fields: MarkFields };
  /** A mark that came with the stored definition and says nothing of what is there now. */
  readonly without?: MarkKind;
}

/** A stored definition with its restored disks in it. All that is not named here stays as it was captured. */
export const restoredDefinition = (xml: string, { name, disks, nvram, mark, without }: RestoredParts): string => {
  const named = editAt(parseTree(xml), ["domain"], (children) => {
    const kept = without === undefined ? children : unmarkedChildren(children, without);
    return markedChildren(withOnly(kept, element("name", {}, [textNode(escapeXml(name))])), mark.kind, mark.fields);
  });
  const stored = editAt(named, ["domain", "devices"], (devices) => devices.map((device) => withSource(device, disks)));
  if (nvram === undefined) return buildTree(stored);
  return buildTree(
    editAt(stored, ["domain", "os"], (children) =>
      children.map((child) => (tagOf(child) === "nvram" ? withPath(child, nvram) : child)),
    ),
  );
};

/** Newer definitions name the file like a disk's source; both ways may also name a template, which is only for a new file. */
const withPath = (nvram: XmlNode, path: string): XmlNode => {
  const { type: _, ...attributes } = attributesOf(nvram);
  return element("nvram", attributes, [textNode(escapeXml(path))]);
};

const withSource = (device: XmlNode, disks: ReadonlyMap<string, NewSource>): XmlNode => {
  if (tagOf(device) !== "disk") return device;
  const source = disks.get(diskName(device));
  if (source === undefined) return device;
  const { type } = attributesOf(device);
  const kept = childrenOf(device).filter((child) => !lost.has(tagOf(child)));
  const [attributes, kind] =
    type === "volume"
      ? [{ pool: source.pool, volume: source.volume }, type]
      : [{ [source.type === "file" ? "file" : "dev"]: source.path }, source.type];
  const escaped = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, escapeXml(value)]));
  const children = withOnly(kept, element("source", escaped));
  return { disk: children, ":@": { ...attributesOf(device), type: kind } };
};

/** What tells of the old disk's storage only: the new one stands alone. */
const lost: ReadonlySet<string> = new Set(["backingStore", "mirror"]);

/** The name inside the machine, as it is written. */
export const diskName = (disk: XmlNode): string => {
  const target = childrenOf(disk).find((child) => tagOf(child) === "target");
  return (target && attributesOf(target)["dev"]) ?? "";
};
