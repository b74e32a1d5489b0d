import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { XmlElement, XmlNode } from "./element.ts";

/** Text that is no XML. Line and column count from 1. */
export class XmlSyntaxError extends Error {
  override readonly name = "XmlSyntaxError";
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const attributesKey = ":@";
const textKey = "#text";

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  attributesGroupName: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * Parses a document into its root element. White space between elements is dropped, but not inside `<metadata>`, which a
 * daemon keeps as it was written.
 * @throws {XmlSyntaxError}
 */
export const parseXml = (text: string): XmlElement => {
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new XmlSyntaxError(verdict.err.msg, verdict.err.line);
  const roots = (parser.parse(text) as readonly RawNode[])
    .map((node) => toNode(node, false))
    .filter((node) => typeof node === "object");
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw new XmlSyntaxError("Document has no single root element", 1);
  return root;
};

type RawNode = Readonly<Record<string, unknown>>;

const toNode = (raw: RawNode, keepSpace: boolean): XmlNode | undefined => {
  const text = raw[textKey];
  if (typeof text === "string") return keepSpace || text.trim() !== "" ? text : undefined;
  const name = Object.keys(raw).find((key) => key !== attributesKey);
  if (name === undefined) return undefined;
  const keep = keepSpace || name === "metadata";
  const children = (raw[name] as readonly RawNode[]).map((child) => toNode(child, keep));
  return {
    name,
    attributes: (raw[attributesKey] ?? {}) as Readonly<Record<string, string>>,
    children: children.filter((child) => child !== undefined),
  };
};
