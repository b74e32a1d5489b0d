import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapChildren, withAttributes, withChild } from "./edit.ts";
import { element, textOf, type XmlElement } from "./element.ts";
import { parseXml, XmlSyntaxError } from "./parse-xml.ts";
import { printRaw, printXml } from "./print-xml.ts";

/** As libvirt 9.0 prints it. */
const network = `<network>
  <name>iso</name>
  <uuid>d93ad649-9b24-4423-863c-6bdcfa5e008c</uuid>
  <bridge name='virbr0' stp='on' delay='0'/>
  <ip address='10.9.9.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='10.9.9.10' end='10.9.9.20'/>
    </dhcp>
  </ip>
</network>
`;

describe("XML", () => {
  test("is printed as libvirt prints it", () => {
    expect(printXml(parseXml(network))).toBe(network);
    expect(printXml(parseXml(network.replaceAll(/\n */gu, "")))).toBe(network);
  });

  test("keeps what stands in metadata as it was written", () => {
    const metadata = `<domain>\n  <metadata><a:m xmlns:a="x"> <b> text </b></a:m></metadata>\n</domain>\n`;
    expect(printXml(parseXml(metadata))).toBe(metadata);
  });

  test("survives being printed and parsed, whatever texts it has", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/u);
    // Control characters are not allowed in XML; libvirt refuses them too.
    const text = fc.stringMatching(/^[ -~äöü€]{1,12}$/u).filter((value) => value.trim() !== "");
    const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
      tree: fc
        .record({
          name: name.filter((value) => value !== "metadata"),
          attributes: fc.dictionary(name, text, { maxKeys: 3, noNullPrototype: true }),
          children: fc.oneof(
            { depthSize: "small" },
            fc.constant([]),
            fc.tuple(text),
            fc.array(tie("tree"), { maxLength: 3 }),
          ),
        })
        .map(({ name, attributes, children }) => ({ name, attributes, children })),
    }));
    const survives = fc.property(tree, (root) => {
      expect(parseXml(printXml(root))).toEqual(root);
      expect(parseXml(printRaw(root))).toEqual(root);
    });
    fc.assert(survives);
  });

  test.each(["", "<a", "<a></b>", "text", "<a/><b/>", "<a x=1/>"])("%j is no XML", (text) => {
    expect(() => parseXml(text)).toThrow(XmlSyntaxError);
  });

  test("leaves declarations and comments out", () => {
    expect(parseXml("<?xml version='1.0'?><!-- x --><a><!-- y --><b/></a>")).toEqual(element("a", {}, element("b")));
  });
});

describe("editing XML", () => {
  const root = element("r", {}, element("a", { x: "1" }), element("b"), element("a", { x: "2" }));

  test("replaces children in place, adds and removes them", () => {
    expect(withChild(root, "b", element("b", {}, "text")).children).toHaveLength(3);
    expect(textOf(withChild(root, "b", element("b", {}, "text")), "b")).toBe("text");
    expect(withChild(root, "c", element("c")).children.at(-1)).toEqual(element("c"));
    expect(withChild(root, "a", undefined).children).toEqual([element("b")]);
  });

  test("changes children and attributes", () => {
    const numbered = mapChildren(root, "a", (child, index) =>
      withAttributes(child, { n: String(index), x: undefined }),
    );
    expect(numbered.children).toEqual([element("a", { n: "0" }), element("b"), element("a", { n: "1" })]);
  });
});
