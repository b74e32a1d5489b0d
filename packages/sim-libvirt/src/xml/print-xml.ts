import type { XmlElement, XmlNode } from "./element.ts";

/**
 * Prints as libvirt does: two spaces for each level, single quotes, a newline after every element. What stands inside
 * `<metadata>` is printed as it was written.
 */
export const printXml = (root: XmlElement, level = 0): string => {
  const indent = "  ".repeat(level);
  const open = `${indent}<${root.name}${attributes(root, "'")}`;
  if (root.children.length === 0) return `${open}/>\n`;
  if (root.name === "metadata") return `${open}>${root.children.map(printRaw).join("")}</metadata>\n`;
  if (root.children.every((node) => typeof node === "string")) {
    return `${open}>${root.children.map(escape).join("")}</${root.name}>\n`;
  }
  const inner = root.children.map((node) =>
    typeof node === "string" ? `${escape(node)}\n` : printXml(node, level + 1),
  );
  return `${open}>\n${inner.join("")}${indent}</${root.name}>\n`;
};

/** Prints without adding white space, with double quotes. */
export const printRaw = (node: XmlNode): string => {
  if (typeof node === "string") return escape(node);
  const open = `<${node.name}${attributes(node, '"')}`;
  if (node.children.length === 0) return `${open}/>`;
  return `${open}>${node.children.map(printRaw).join("")}</${node.name}>`;
};

const attributes = ({ attributes }: XmlElement, quote: string): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}=${quote}${escape(value)}${quote}`)
    .join("");

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&apos;",
  '"': "&quot;",
};

const escape = (text: string): string => text.replace(/[&<>'"]/gu, (char) => entities[char] ?? char);
