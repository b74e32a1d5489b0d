import { failure } from "@quiesce/core";
import { XMLParser } from "fast-xml-parser";

/** An element of libvirt's XML with its entities decoded. `text` is its own, without its children's. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

/** One node as the parser gives it: `{ tag: children, ":@": attributes }`, or `{ "#text": text }`. */
export type XmlNode = Readonly<Record<string, readonly XmlNode[] | string | Readonly<Record<string, string>>>>;

/** Reads what the daemon sent; throws `protocol` when it is not the document that was asked for. */
export const readXml = (text: string, root: string): XmlElement => {
  const nodes = parser.parse(text) as readonly XmlNode[];
  const found = elementsOf(nodes).find(({ name }) => name === root);
  if (found !== undefined) return found;
  throw failure("protocol", `libvirt sent no <${root}> document where one was asked for.`);
};

const elementsOf = (nodes: readonly XmlNode[]): readonly XmlElement[] =>
  nodes.flatMap((node) =>
    Object.entries(node).flatMap(([name, content]) =>
      Array.isArray(content)
        ? [{ name, attributes: attributesOf(node), children: elementsOf(content), text: textOf(content) }]
        : [],
    ),
  );

const attributesOf = (node: XmlNode): Readonly<Record<string, string>> =>
  (node[":@"] ?? {}) as Readonly<Record<string, string>>;

const textOf = (nodes: readonly XmlNode[]): string =>
  nodes
    .flatMap(({ "#text": text }) => (typeof text === "string" ? [text] : []))
    .join("")
    .trim();

/** The first child with a name, by a path of names: `at(domain, "os", "loader")`. */
export const at = (element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined => {
  let found = element;
  for (const step of path) found = found?.children.find(({ name }) => name === step);
  return found;
};

export const all = (element: XmlElement | undefined, name: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];
