import { XMLBuilder, XMLParser } from "fast-xml-parser";
import { attributes, markPrefix, type MarkFields, type MarkKind } from "./mark.ts";
import type { XmlNode } from "./xml.ts";

// Entities are left as they are, so that what is not touched comes out as it went in.
const shape = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  processEntities: false,
  commentPropName: "#comment",
  cdataPropName: "#cdata",
} as const;
const parser = new XMLParser({ ...shape, parseTagValue: false, parseAttributeValue: false, trimValues: false });
const builder = new XMLBuilder({ ...shape, suppressEmptyNode: true });

/**
 * A snapshot's XML with a mark in the metadata of the definitions that lie in it, for CREATE with `redefine`. A revert
 * brings the machine's metadata back together with its content, so the mark appears exactly when the content does.
 */
export const withMark = (snapshotXml: string, kind: MarkKind, fields: MarkFields): string => {
  const nodes = parser.parse(snapshotXml) as XmlNode[];
  return builder.build(
    nodes.map((node) =>
      inside(node, "domainsnapshot", (children) => children.map((child) => marked(child, kind, fields))),
    ),
  );
};

const marked = (node: XmlNode, kind: MarkKind, fields: MarkFields): XmlNode => {
  const mark = markNode(kind, fields);
  const put = (children: readonly XmlNode[]): readonly XmlNode[] => {
    const known = children.some((child) => "metadata" in child);
    const own = (metadata: readonly XmlNode[]): readonly XmlNode[] => [
      ...metadata.filter((child) => !isOf(child, kind)),
      mark,
    ];
    return known ? children.map((child) => inside(child, "metadata", own)) : [...children, { metadata: [mark] }];
  };
  return inside(inside(node, "domain", put), "inactiveDomain", put);
};

const inside = (node: XmlNode, name: string, change: (children: readonly XmlNode[]) => readonly XmlNode[]): XmlNode => {
  const children = node[name];
  return Array.isArray(children) ? { ...node, [name]: change(children as readonly XmlNode[]) } : node;
};

const isOf = (node: XmlNode, { uri }: MarkKind): boolean => Object.values(node[":@"] ?? {}).includes(uri);

const markNode = (kind: MarkKind, fields: MarkFields): XmlNode => {
  const text = `<${markPrefix}:${kind.element} xmlns:${markPrefix}="${kind.uri}" ${attributes(fields)}/>`;
  const [node = {}] = parser.parse(text) as readonly XmlNode[];
  return node;
};
