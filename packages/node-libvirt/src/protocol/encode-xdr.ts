import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { isUuid, uuidToBytes } from "./uuid.ts";
import type { XdrArms, XdrFields, XdrType, XdrValue } from "./xdr-type.ts";
import { XdrWriter } from "./xdr-writer.ts";

/**
 * Encodes one value.
 * @throws {InvalidArgumentError} when the value does not fit its type; the message names the field. A string with a NUL or
 * with half a surrogate pair is refused too: the daemon would read another, shorter or changed name.
 */
export const encodeXdr = <T extends XdrType>(type: T, value: XdrValue<T>): Buffer => {
  const writer = new XdrWriter();
  write(writer, type, value);
  return writer.written();
};

const write = (writer: XdrWriter, type: XdrType, value: unknown): void => {
  switch (type.kind) {
    case "void":
      return must(value === undefined, value, "nothing");
    case "int":
      return writer.int(integer(value, -0x8000_0000, 0x7fff_ffff));
    case "uint":
      return writer.uint(integer(value, 0, 0xffff_ffff));
    case "hyper":
      return writer.hyper(bigInteger(value, -(2n ** 63n), 2n ** 63n - 1n));
    case "uhyper":
      return writer.uhyper(bigInteger(value, 0n, 2n ** 64n - 1n));
    case "double":
      return writer.double(number(value));
    case "bool":
      return writer.int(boolean(value) ? 1 : 0);
    case "uuid":
      return writer.fixed(uuidBytes(value));
    case "string":
      return writer.opaque(text(value, type.max));
    case "opaque":
      return writer.opaque(bytes(value, type.max));
    case "optional":
      return writeOptional(writer, type.of, value);
    case "list":
      return writeList(writer, type.of, items(value, 0, type.max));
    case "vector":
      return writeItems(writer, type.of, items(value, type.length, type.length));
    case "struct":
      return writeStruct(writer, type.fields, value);
    case "union":
      return writeUnion(writer, type.arms, value);
  }
};

const writeOptional = (writer: XdrWriter, of: XdrType, value: unknown): void => {
  writer.uint(value === undefined ? 0 : 1);
  if (value !== undefined) write(writer, of, value);
};

const writeList = (writer: XdrWriter, of: XdrType, values: readonly unknown[]): void => {
  writer.uint(values.length);
  writeItems(writer, of, values);
};

const writeItems = (writer: XdrWriter, of: XdrType, values: readonly unknown[]): void => {
  for (const [index, value] of values.entries()) inside(`[${index}]`, () => write(writer, of, value));
};

const writeStruct = (writer: XdrWriter, fields: XdrFields, value: unknown): void => {
  const record = object(value);
  for (const [name, type] of Object.entries(fields)) inside(name, () => write(writer, type, record[name]));
};

const writeUnion = (writer: XdrWriter, arms: XdrArms, value: unknown): void => {
  const { type, value: inner } = object(value);
  const found = Object.entries(arms).find(([, arm]) => arm.name === type);
  if (found === undefined) throw new InvalidArgumentError(`unknown type ${describe(type)}`);
  writer.int(Number(found[0]));
  write(writer, found[1].of, inner);
};

const integer = (value: unknown, min: number, max: number): number => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    throw wrong(value, `an integer from ${min} to ${max}`);
  }
  return value;
};

const bigInteger = (value: unknown, min: bigint, max: bigint): bigint => {
  if (typeof value !== "bigint" || value < min || value > max) throw wrong(value, `a bigint from ${min} to ${max}`);
  return value;
};

const number = (value: unknown): number => {
  if (typeof value !== "number") throw wrong(value, "a number");
  return value;
};

const boolean = (value: unknown): boolean => {
  if (typeof value !== "boolean") throw wrong(value, "true or false");
  return value;
};

const uuidBytes = (value: unknown): Buffer => {
  if (typeof value !== "string" || !isUuid(value)) throw wrong(value, "a UUID");
  return uuidToBytes(value);
};

const text = (value: unknown, max: number): Buffer => {
  if (typeof value !== "string") throw wrong(value, "a string");
  if (value.includes("\0")) throw new InvalidArgumentError("the string has a NUL character");
  if (!value.isWellFormed()) throw new InvalidArgumentError("the string has half a surrogate pair");
  return bytes(Buffer.from(value, "utf8"), max);
};

const bytes = <T>(value: T, max: number): T & Uint8Array => {
  if (!(value instanceof Uint8Array)) throw wrong(value, "bytes");
  if (value.length > max) throw new InvalidArgumentError(`${value.length} bytes, at most ${max} are allowed`);
  return value;
};

const items = (value: unknown, min: number, max: number): readonly unknown[] => {
  if (!Array.isArray(value)) throw wrong(value, "a list");
  if (value.length < min || value.length > max) {
    throw new InvalidArgumentError(`${value.length} items, ${min === max ? min : `at most ${max}`} are allowed`);
  }
  return value;
};

const object = (value: unknown): Readonly<Record<string, unknown>> => {
  if (!isObject(value)) throw wrong(value, "an object");
  return value;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const must = (ok: boolean, value: unknown, expected: string): void => {
  if (!ok) throw wrong(value, expected);
};

const wrong = (value: unknown, expected: string): InvalidArgumentError =>
  new InvalidArgumentError(`${describe(value)} given, ${expected} expected`);

// Strings are not shown: domain XML may hold passwords.
const describe = (value: unknown): string =>
  typeof value === "number" || typeof value === "bigint" || typeof value === "boolean" ? String(value) : typeof value;

const inside = (name: string, step: () => void): void => {
  try {
    step();
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new InvalidArgumentError(`${name}: ${error.message}`);
    throw error;
  }
};
