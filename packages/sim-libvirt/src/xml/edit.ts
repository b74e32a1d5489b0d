import { elementsOf, type XmlElement, type XmlNode } from "./element.ts";

export const withAttributes = (
  parent: XmlElement,
  attributes: Readonly<Record<string, string | undefined>>,
): XmlElement => ({
  ...parent,
  attributes: Object.fromEntries(
    Object.entries({ ...parent.attributes, ...attributes }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  ),
});

export const withChildren = (parent: XmlElement, children: readonly XmlNode[]): XmlElement => ({ ...parent, children });

/** Replaces the children of one name in place. Without such a child, the replacement is appended; `undefined` removes. */
export const withChild = (parent: XmlElement, name: string, replacement: XmlElement | undefined): XmlElement => {
  const added = replacement === undefined ? [] : [replacement];
  const first = elementsOf(parent).find((child) => child.name === name);
  if (first === undefined) return withChildren(parent, [...parent.children, ...added]);
  const isOther = (node: XmlNode) => typeof node === "string" || node.name !== name;
  return withChildren(
    parent,
    parent.children.flatMap((node) => (node === first ? added : isOther(node) ? [node] : [])),
  );
};

/** Changes each child element of one name. */
export const mapChildren = (
  parent: XmlElement,
  name: string,
  change: (child: XmlElement, index: number) => XmlElement,
): XmlElement => {
  let index = 0;
  return withChildren(
    parent,
    parent.children.map((node) => (typeof node !== "string" && node.name === name ? change(node, index++) : node)),
  );
};
