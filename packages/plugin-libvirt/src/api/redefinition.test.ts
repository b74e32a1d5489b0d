import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { restoredMark } from "./mark.ts";
import { withMark } from "./redefinition.ts";

const golden = readFileSync(join(import.meta.dirname, "golden/snapshot-running.xml"), "utf8");
const mark = (run: string): string =>
  `<quiesce:restored xmlns:quiesce="urn:quiesce:libvirt:restored:1" run="${run}" snapshot="a&amp;b"/>`;
/** libvirt writes attributes in single quotes and ends its text with empty lines. */
const plain = (xml: string): string => xml.replaceAll("'", '"').trim();

test("the mark is in both definitions, and nothing else is changed: no password, no entity, no other tool's metadata", () => {
  const marked = withMark(golden, restoredMark, { run: "r-1", snapshot: "a&b" });
  expect(marked.split(mark("r-1"))).toHaveLength(3);
  expect(plain(marked.replaceAll(mark("r-1"), ""))).toBe(plain(golden));
  expect(marked).toContain("se&amp;cret");
});

test("a later run's mark takes the place of the earlier one's", () => {
  const first = withMark(golden, restoredMark, { run: "r-1", snapshot: "a&b" });
  const second = withMark(first, restoredMark, { run: "r-2", snapshot: "a&b" });
  expect(second).toBe(first.replaceAll('run="r-1"', 'run="r-2"'));
});

test("a definition without metadata gets some", () => {
  const xml = "<domainsnapshot><name>n</name><domain type='kvm'><name>a</name></domain></domainsnapshot>";
  expect(withMark(xml, restoredMark, { run: "r-1", snapshot: "a&b" })).toBe(
    `<domainsnapshot><name>n</name><domain type="kvm"><name>a</name><metadata>${mark("r-1")}</metadata></domain></domainsnapshot>`,
  );
});
