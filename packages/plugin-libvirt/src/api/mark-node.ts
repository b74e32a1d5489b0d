import { attributes, markPrefix, type MarkFields, type MarkKind } from "./mark.ts";
import { attributesOf, element, inside, parseTree } from "./xml-tree.ts";
import type { XmlNode } from "./xml.ts";

/** The children of a `<domain>` with a mark in its metadata, in place of an older one of the same kind. */
export const markedChildren = (
  children: readonly XmlNode[],
  kind: MarkKind,
  fields: MarkFields,
): readonly XmlNode[] => {
  const known = children.some((child) => "metadata" in child);
  const own = (metadata: readonly XmlNode[]): readonly XmlNode[] => [
    ...metadata.filter((child) => !Object.values(attributesOf(child)).includes(kind.uri)),
    markNode(kind, fields),
  ];
  return known
    ? children.map((child) => inside(child, "metadata", own))
    : [...children, element("metadata", {}, own([]))];
};

/** The children of a `<domain>` without a mark of this kind. */
export const unmarkedChildren = (children: readonly XmlNode[], { uri }: MarkKind): readonly XmlNode[] =>
  children.map((child) =>
    inside(child, "metadata", (metadata) => metadata.filter((one) => !Object.values(attributesOf(one)).includes(uri))),
  );

const markNode = ({ uri, element: tag }: MarkKind, fields: MarkFields): XmlNode => {
  const text = `<${markPrefix}:${tag} xmlns:${markPrefix}="${uri}" ${attributes(fields)}/>`;
  const [node = {}] = parseTree(text);
  return node;
};
