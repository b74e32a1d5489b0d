/** One XML element. Text stands between the children, as it was written. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

export type XmlNode = XmlElement | string;

type Content = XmlNode | undefined | readonly (XmlNode | undefined)[];

/** Makes an element. Attributes and children that are `undefined` are left out. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...content: readonly Content[]
): XmlElement => ({
  name,
  attributes: Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  children: content.flat().filter((node) => node !== undefined),
});

export const elementsOf = (parent: XmlElement | undefined): readonly XmlElement[] =>
  (parent?.children ?? []).filter((node) => typeof node !== "string");

export const childrenOf = (parent: XmlElement | undefined, name: string): readonly XmlElement[] =>
  elementsOf(parent).filter((child) => child.name === name);

export const childOf = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  childrenOf(parent, name)[0];

/** The text of an element, or of its named child; `undefined` when there is no such element. */
export const textOf = (parent: XmlElement | undefined, child?: string): string | undefined => {
  const source = child === undefined ? parent : childOf(parent, child);
  return source?.children
    .filter((node) => typeof node === "string")
    .join("")
    .trim();
};

export const attributeOf = (parent: XmlElement | undefined, name: string): string | undefined =>
  parent?.attributes[name];
