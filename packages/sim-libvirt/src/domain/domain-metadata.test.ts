import { expect, test } from "vitest";
import { element, elementsOf } from "../xml/element.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { printXml } from "../xml/print-xml.ts";
import { getMetadata, setMetadata } from "./domain-metadata.ts";

const domain = element("domain", {}, element("name", {}, "a"), element("memory", {}, "1"));
const ours = { kind: "element", uri: "http://example.org/a", key: "a" } as const;
const theirs = { kind: "element", uri: "http://example.org/b", key: "b" } as const;

test("each namespace has one element, which comes back without its prefix", () => {
  const first = setMetadata(domain, ours, parseXml("<run id='1'><inner/></run>"));
  const both = setMetadata(first, theirs, parseXml("<x/>"));
  const second = setMetadata(both, ours, parseXml("<run id='2'/>"));
  expect(getMetadata(first, ours)).toBe('<run id="1"><inner/></run>');
  expect(getMetadata(second, ours)).toBe('<run id="2"/>');
  expect(getMetadata(second, theirs)).toBe("<x/>");
  expect(getMetadata(setMetadata(second, ours, undefined), ours)).toBeUndefined();
  expect(getMetadata(setMetadata(second, ours, undefined), theirs)).toBe("<x/>");
});

test("stands before the rest, and survives being printed", () => {
  const noted = setMetadata(setMetadata(domain, ours, parseXml("<run/>")), { kind: "description" }, "text & more");
  expect(elementsOf(noted).map(({ name }) => name)).toEqual(["name", "description", "metadata", "memory"]);
  const again = parseXml(printXml(noted));
  expect(getMetadata(again, ours)).toBe("<run/>");
  expect(getMetadata(again, { kind: "description" })).toBe("text & more");
});
