import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryXdr } from "../../test/arbitrary-xdr.ts";
import {
  decodeXdr,
  encodeXdr,
  eventMessages,
  InvalidArgumentError,
  list,
  optional,
  procedures,
  ProtocolError,
  remoteError,
  string,
  struct,
  typedParams,
  uint,
  union,
  uuid,
  vector,
  bool,
  double,
  hyper,
  int,
  nothing,
  uhyper,
  type Procedure,
  type XdrType,
} from "./index.ts";

const everyType: readonly (readonly [string, XdrType])[] = [
  ...Object.values<Procedure>(procedures).flatMap(({ name, args, ret }) => [
    [`${name} args`, args] as const,
    [`${name} ret`, ret] as const,
  ]),
  ...Object.values(eventMessages).map(({ name, message }) => [name, message] as const),
  ["error", remoteError],
  ["opaque", { kind: "opaque", max: 100 }],
];

const thrownBy = (step: () => unknown): unknown => {
  try {
    step();
    return undefined;
  } catch (error) {
    return error;
  }
};

const hex = (type: XdrType, value: unknown): string => encodeXdr(type, value).toString("hex");

describe("bytes on the wire (RFC 4506)", () => {
  test.each<[string, XdrType, unknown, string]>([
    ["nothing", nothing, undefined, ""],
    ["int", int, -2, "fffffffe"],
    ["uint", uint, 0xffff_fffe, "fffffffe"],
    ["hyper", hyper, -2n, "fffffffffffffffe"],
    ["uhyper", uhyper, 2n ** 64n - 1n, "ffffffffffffffff"],
    ["double", double, 1.5, "3ff8000000000000"],
    ["bool", bool, true, "00000001"],
    ["string, padded", string, "abcde", "000000056162636465000000"],
    ["string, not padded", string, "abcd", "0000000461626364"],
    ["string in UTF-8", string, "ü", "00000002c3bc0000"],
    ["uuid", uuid, "00112233-4455-6677-8899-aabbccddeeff", "00112233445566778899aabbccddeeff"],
    ["absent", optional(int), undefined, "00000000"],
    ["present", optional(int), 7, "0000000100000007"],
    ["list", list(int), [1, 2], "000000020000000100000002"],
    ["vector", vector(int, 2), [1, 2], "0000000100000002"],
    ["struct in order of its fields", struct({ b: int, a: int }), { a: 1, b: 2 }, "0000000200000001"],
    ["union", union({ 3: { name: "x", of: int } }), { type: "x", value: 1 }, "0000000300000001"],
  ])("%s", (_name, type, value, expected) => {
    expect(hex(type, value)).toBe(expected);
    expect(decodeXdr(type, Buffer.from(expected, "hex"))).toEqual(value);
  });

  test("any non-zero int is true", () => {
    expect(decodeXdr(bool, Buffer.from("ffffffff", "hex"))).toBe(true);
  });

  test("bytes that are no UTF-8 are replaced, not refused", () => {
    expect(decodeXdr(string, Buffer.from("00000002ff410000", "hex"))).toBe("\u{FFFD}A");
  });
});

describe("every descriptor", () => {
  test.each(everyType)("%s comes back as it was", (_name, type) => {
    const property = fc.property(arbitraryXdr(type), (value) => {
      expect(decodeXdr(type, encodeXdr(type, value))).toEqual(value);
    });
    fc.assert(property, { numRuns: 20 });
  });

  test.each(everyType.filter(([, type]) => type.kind !== "void"))(
    "%s refuses a cut or longer message",
    (_name, type) => {
      const property = fc.property(arbitraryXdr(type), fc.nat(), (value, cut) => {
        const bytes = encodeXdr(type, value);
        expect(() => decodeXdr(type, bytes.subarray(0, cut % bytes.length))).toThrow(ProtocolError);
        expect(() => decodeXdr(type, Buffer.concat([bytes, Buffer.alloc(4)]))).toThrow(ProtocolError);
      });
      fc.assert(property, { numRuns: 20 });
    },
  );

  test("noise gives a value or a ProtocolError, nothing else", () => {
    const types = everyType.map(([, type]) => type);
    const property = fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 300 }), (type, noise) => {
      expect(thrownBy(() => decodeXdr(type, noise))).toBeOneOf([undefined, expect.any(ProtocolError)]);
    });
    fc.assert(property, { numRuns: 5000 });
  });
});

describe("hostile input", () => {
  test.each<[string, XdrType, string, RegExp]>([
    ["a string longer than its message", string, "000000ff61", /255 bytes expected, 1 are left|256 bytes expected/u],
    ["a string over the limit", string, "ffffffff", /4294967295 bytes, at most 4194304/u],
    ["a list longer than its message", list(int), "00003fff00000001", /16383 items in 4 bytes/u],
    ["a list over the limit", list(int), "ffffffff", /4294967295 items, at most 16384/u],
    ["an optional that is neither there nor not", optional(int), "00000002", /must be 0 or 1/u],
    ["an unknown arm", union({ 1: { name: "x", of: int } }), "0000000900000000", /unknown tag 9/u],
  ])("%s", (_name, type, bytes, message) => {
    expect(() => decodeXdr(type, Buffer.from(bytes, "hex"))).toThrow(ProtocolError);
    expect(() => decodeXdr(type, Buffer.from(bytes, "hex"))).toThrow(message);
  });

  test("the message names the field", () => {
    const type = struct({ rows: list(struct({ name: string })) });
    expect(() => decodeXdr(type, Buffer.from("00000001ffffffff", "hex"))).toThrow(/^rows: \[0\]: name: /u);
  });
});

describe("values that do not fit", () => {
  test.each<[string, XdrType, unknown, RegExp]>([
    ["int too large", int, 2 ** 31, /2147483648 given, an integer from -2147483648 to 2147483647 expected/u],
    ["uint below 0", uint, -1, /-1 given/u],
    ["no integer", uint, 1.5, /1.5 given/u],
    ["number for a hyper", hyper, 1, /a bigint/u],
    ["uhyper below 0", uhyper, -1n, /-1 given/u],
    ["text for a double", double, "1", /a number expected/u],
    ["a number for a bool", bool, 1, /true or false/u],
    ["no UUID", uuid, "vm1", /a UUID expected/u],
    ["a NUL in a string", string, "vm1\0x", /NUL/u],
    ["half a surrogate pair", string, "\uD800", /surrogate/u],
    ["a string over the limit", string, "x".repeat(4_194_305), /4194305 bytes, at most 4194304/u],
    ["no list", list(int), {}, /a list expected/u],
    ["too many items", list(int, 1), [1, 2], /2 items, at most 1 are allowed/u],
    ["a vector of another length", vector(int, 2), [1], /1 items, 2 are allowed/u],
    ["no object", struct({ a: int }), null, /an object expected/u],
    ["something for nothing", nothing, 1, /nothing expected/u],
    ["an unknown arm", union({ 1: { name: "x", of: int } }), { type: "y", value: 1 }, /unknown type/u],
  ])("%s", (_name, type, value, message) => {
    expect(() => encodeXdr(type, value)).toThrow(InvalidArgumentError);
    expect(() => encodeXdr(type, value)).toThrow(message);
  });

  test("the message names the field and shows no text, which may be secret", () => {
    const bad: unknown = [{ field: "password", value: { type: "int", value: "hunter2" } }];
    expect(() => encodeXdr<XdrType>(typedParams(2), bad)).toThrow(/^\[0\]: value: string given, an integer/u);
  });
});
