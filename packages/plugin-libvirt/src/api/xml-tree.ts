import { XMLBuilder, XMLParser } from "fast-xml-parser";
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

/** XML for changing: texts and attributes are as they are written, entities and all. To read, use `readXml`. */
export const parseTree = (xml: string): readonly XmlNode[] => parser.parse(xml) as readonly XmlNode[];

export const buildTree = (nodes: readonly XmlNode[]): string => builder.build(nodes);

export const tagOf = (node: XmlNode): string => Object.keys(node).find((key) => key !== ":@") ?? "";

export const childrenOf = (node: XmlNode): readonly XmlNode[] => {
  const children = node[tagOf(node)];
  return Array.isArray(children) ? (children as readonly XmlNode[]) : [];
};

export const attributesOf = (node: XmlNode): Readonly<Record<string, string>> =>
  (node[":@"] ?? {}) as Readonly<Record<string, string>>;

/** Values must be escaped already. */
export const element = (
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly XmlNode[] = [],
): XmlNode => ({ [tag]: children, ...(Object.keys(attributes).length === 0 ? {} : { ":@": attributes }) });

export const textNode = (text: string): XmlNode => ({ "#text": text });

/** Changes the children of a node that has this tag; other nodes come back as they are. */
export const inside = (
  node: XmlNode,
  tag: string,
  change: (children: readonly XmlNode[]) => readonly XmlNode[],
): XmlNode => {
  const children = node[tag];
  return Array.isArray(children) ? { ...node, [tag]: change(children as readonly XmlNode[]) } : node;
};

/** Changes the children of every element at a path: `editAt(nodes, ["domain", "devices"], …)`. */
export const editAt = (
  nodes: readonly XmlNode[],
  [tag, ...rest]: readonly string[],
  change: (children: readonly XmlNode[]) => readonly XmlNode[],
): readonly XmlNode[] => {
  if (tag === undefined) return change(nodes);
  return nodes.map((node) => inside(node, tag, (children) => editAt(children, rest, change)));
};

/** Puts the one element of its tag in place of those that are there, or at the end. */
export const withOnly = (children: readonly XmlNode[], only: XmlNode): readonly XmlNode[] => {
  const tag = tagOf(only);
  const at = children.findIndex((child) => tagOf(child) === tag);
  const others = (part: readonly XmlNode[]): readonly XmlNode[] => part.filter((child) => tagOf(child) !== tag);
  return at < 0 ? [...children, only] : [...others(children.slice(0, at)), only, ...others(children.slice(at))];
};
