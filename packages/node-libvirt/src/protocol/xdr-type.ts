import { maxListItems, maxStringBytes } from "./limits.ts";

/** The shape of a value on the wire (XDR, RFC 4506), as data: readable by an encoder, a decoder and a test generator alike. */
export type XdrType =
  | { readonly kind: "void" | "int" | "uint" | "hyper" | "uhyper" | "double" | "bool" | "uuid" }
  | { readonly kind: "string" | "opaque"; readonly max: number }
  | { readonly kind: "optional"; readonly of: XdrType }
  | { readonly kind: "list"; readonly of: XdrType; readonly max: number }
  | { readonly kind: "vector"; readonly of: XdrType; readonly length: number }
  | { readonly kind: "struct"; readonly fields: XdrFields }
  | { readonly kind: "union"; readonly arms: XdrArms };

export type XdrFields = { readonly [name: string]: XdrType };

/** Arms of a union by the number on the wire. Each has a name, so that a decoded value reads `{ type: "llong", value: 1n }`. */
export type XdrArms = { readonly [tag: number]: { readonly name: string; readonly of: XdrType } };

/**
 * The TypeScript value that belongs to an `XdrType`. 64-bit integers are `bigint`, UUIDs are lower-case strings with hyphens.
 * Where only `XdrType` is known, and no particular one, it is `unknown`.
 */
export type XdrValue<T extends XdrType> = XdrType extends T ? unknown : KnownValue<T>;

type KnownValue<T> = T extends { readonly kind: infer K extends keyof PlainValues }
  ? PlainValues[K]
  : T extends { readonly kind: "optional"; readonly of: infer U extends XdrType }
    ? XdrValue<U> | undefined
    : T extends { readonly kind: "list" | "vector"; readonly of: infer U extends XdrType }
      ? readonly XdrValue<U>[]
      : T extends { readonly kind: "struct"; readonly fields: infer F extends XdrFields }
        ? { readonly [K in keyof F]: XdrValue<F[K]> }
        : T extends { readonly kind: "union"; readonly arms: infer A extends XdrArms }
          ? { [K in keyof A]: ArmValue<A[K]> }[keyof A]
          : never;

interface PlainValues {
  readonly void: undefined;
  readonly int: number;
  readonly uint: number;
  readonly hyper: bigint;
  readonly uhyper: bigint;
  readonly double: number;
  readonly bool: boolean;
  readonly uuid: string;
  readonly string: string;
  readonly opaque: Uint8Array;
}

type ArmValue<A> = A extends { readonly name: infer N; readonly of: infer U extends XdrType }
  ? { readonly type: N; readonly value: XdrValue<U> }
  : never;

export const nothing = { kind: "void" } as const;
export const int = { kind: "int" } as const;
export const uint = { kind: "uint" } as const;
/** Signed 64 bits. */
export const hyper = { kind: "hyper" } as const;
/** Unsigned 64 bits. */
export const uhyper = { kind: "uhyper" } as const;
export const double = { kind: "double" } as const;
/** libvirt sends truth values as `int`: 0 is false, all else is true. */
export const bool = { kind: "bool" } as const;
/** 16 bytes on the wire. */
export const uuid = { kind: "uuid" } as const;
export const string = { kind: "string", max: maxStringBytes } as const;
export const optionalString = { kind: "optional", of: string } as const;

export const optional = <const T extends XdrType>(of: T) => ({ kind: "optional", of }) as const;
export const list = <const T extends XdrType>(of: T, max: number = maxListItems) =>
  ({ kind: "list", of, max }) as const;
export const vector = <const T extends XdrType>(of: T, length: number) => ({ kind: "vector", of, length }) as const;
export const struct = <const F extends XdrFields>(fields: F) => ({ kind: "struct", fields }) as const;
export const union = <const A extends XdrArms>(arms: A) => ({ kind: "union", arms }) as const;
