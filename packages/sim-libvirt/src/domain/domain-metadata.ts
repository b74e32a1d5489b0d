import { withAttributes, withChild, withChildren } from "../xml/edit.ts";
import { childOf, element, elementsOf, textOf, type XmlElement } from "../xml/element.ts";
import { printRaw } from "../xml/print-xml.ts";

/** Where a note stands: a plain text, or an element of a namespace, of which there is one at most. */
export type MetadataPlace =
  | { readonly kind: "description" | "title" }
  | { readonly kind: "element"; readonly uri: string; readonly key: string };

export const getMetadata = (definition: XmlElement, place: MetadataPlace): string | undefined => {
  if (place.kind !== "element") return textOf(definition, place.kind);
  const found = elementsOf(childOf(definition, "metadata")).find((note) => namespaceOf(note)?.uri === place.uri);
  return found === undefined ? undefined : printRaw(withoutNamespace(found));
};

/** Without content the note is removed. */
export const setMetadata = (
  definition: XmlElement,
  place: MetadataPlace,
  content: string | XmlElement | undefined,
): XmlElement => {
  if (place.kind !== "element") {
    const text = typeof content === "string" && content !== "" ? element(place.kind, {}, content) : undefined;
    return inOrder(withChild(definition, place.kind, text));
  }
  const metadata = childOf(definition, "metadata") ?? element("metadata");
  const others = elementsOf(metadata).filter((note) => namespaceOf(note)?.uri !== place.uri);
  const added = typeof content === "object" ? [withNamespace(content, place.key, place.uri)] : [];
  return inOrder(withChild(definition, "metadata", withChildren(metadata, [...others, ...added])));
};

const namespaceOf = (note: XmlElement): { readonly key: string; readonly uri: string } | undefined => {
  const key = note.name.includes(":") ? note.name.slice(0, note.name.indexOf(":")) : "";
  const uri = note.attributes[key === "" ? "xmlns" : `xmlns:${key}`];
  return uri === undefined ? undefined : { key, uri };
};

const withNamespace = (note: XmlElement, key: string, uri: string): XmlElement => ({
  ...note,
  name: `${key}:${note.name}`,
  attributes: { [`xmlns:${key}`]: uri, ...note.attributes },
});

const withoutNamespace = (note: XmlElement): XmlElement => {
  const key = namespaceOf(note)?.key ?? "";
  const name = key === "" ? note.name : note.name.slice(key.length + 1);
  return { ...withAttributes(note, { [`xmlns:${key}`]: undefined, xmlns: undefined }), name };
};

const first = ["name", "uuid", "title", "description", "metadata"];

/** The daemon prints these before all else, whenever they were added. */
const inOrder = (definition: XmlElement): XmlElement => {
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  const sorted = elementsOf(definition).toSorted((a, b) => rank(a.name) - rank(b.name));
  return withChildren(definition, sorted);
};
