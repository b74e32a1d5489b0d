import * as fc from "fast-check";
import { expect, test } from "vitest";
import { redactor } from "../index.ts";

test("masks a secret wherever it stands, the longer one first", () => {
  expect(redactor(["abc", "abcdef"])("abcdef abc xabcx")).toBe("*** *** x***x");
});

test("masks a secret inside JSON, in a URL and as base64", () => {
  const secret = 'p"w\n/ä?';
  const mask = redactor([secret]);
  expect(mask(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
  expect(mask(`https://u:${encodeURIComponent(secret)}@h`)).toBe("https://u:***@h");
  expect(mask(`Basic ${Buffer.from(secret).toString("base64")}`)).toBe("Basic ***");
});

test("masks the lines of a key one by one, and leaves short ones alone", () => {
  const mask = redactor(["-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nab\n-----END PRIVATE KEY-----"]);
  expect(mask("line MIIEvQIBADANBg of it, ab")).toBe("line *** of it, ab");
});

test("signs that mean something in a pattern are plain text", () => {
  expect(redactor([".*", "$&", "a|b"])("x.*x $& a|b ab")).toBe("x***x *** *** ab");
});

test("nothing is masked without secrets or for an empty one", () => {
  expect(redactor([])("text")).toBe("text");
  expect(redactor([""])("text")).toBe("text");
});

test("no secret is left in any text", () => {
  const secret = fc.string({ minLength: 4, unit: "binary" }).filter((text) => !/^\*+$/.test(text));
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1 }), fc.string(), (secrets, around) => {
      const masked = redactor(secrets)(`${around}${secrets.join(around)}${around}`);
      const left = secrets.filter((each) => !each.includes("*") && masked.includes(each));
      expect(left).toEqual([]);
    }),
  );
});
