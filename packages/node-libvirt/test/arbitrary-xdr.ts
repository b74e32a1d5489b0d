import fc from "fast-check";
import type { XdrType } from "../src/protocol/index.ts";

/** Values of an `XdrType`, derived from the descriptor alone. Lists and strings stay short. */
export const arbitraryXdr = (type: XdrType): fc.Arbitrary<unknown> => {
  switch (type.kind) {
    case "void":
      return fc.constant(undefined);
    case "int":
      return fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
    case "uint":
      return fc.integer({ min: 0, max: 0xffff_ffff });
    case "hyper":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "uhyper":
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case "double":
      return fc.double();
    case "bool":
      return fc.boolean();
    case "uuid":
      return fc.uuid();
    case "string":
      return fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
    case "opaque":
      return fc.uint8Array({ maxLength: Math.min(type.max, 20) });
    case "optional":
      return fc.option(arbitraryXdr(type.of), { nil: undefined });
    case "list":
      return fc.array(arbitraryXdr(type.of), { maxLength: Math.min(type.max, 4) });
    case "vector":
      return fc.array(arbitraryXdr(type.of), { minLength: type.length, maxLength: type.length });
    case "struct":
      return fc.record(Object.fromEntries(Object.entries(type.fields).map(([name, of]) => [name, arbitraryXdr(of)])));
    case "union":
      return fc.oneof(
        ...Object.values(type.arms).map((arm) =>
          fc.record({ type: fc.constant(arm.name), value: arbitraryXdr(arm.of) }),
        ),
      );
  }
};
