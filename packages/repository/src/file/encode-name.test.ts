import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fileName, folderName } from "./encode-name.ts";

const decoded = (name: string): string => decodeURIComponent(name);
const anyName = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
  fc.constantFrom(".", "..", "../..", "a/b", "A", "a", "pool1/data.qcow2", "manifest.json", "%41", "con ", "a\0b"),
);

test.each([folderName, fileName])("%o: every id has a safe name of its own, which can be read back", (encode) => {
  fc.assert(
    fc.property(anyName, (id) => {
      const name = encode(id);
      expect(name).toMatch(/^[a-z0-9_%-][a-z0-9._%-]*$/);
      expect(name).not.toMatch(/\.$/);
      expect(decoded(name)).toBe(id);
    }),
  );
});

test("a folder never meets a file of the repository's own, nor another one where case does not count", () => {
  expect(folderName("manifest.json")).toBe("manifest%2ejson");
  expect(folderName("DB").toLowerCase()).not.toBe(folderName("db").toLowerCase());
  expect(fileName("domain.xml")).toBe("domain.xml");
});

test.each(["", "\uD800", "ä".repeat(40)])("%o is refused", (id) => {
  expect(() => folderName(id)).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ code: "invalid" }) }),
  );
});
