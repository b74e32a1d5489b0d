import { ProtocolError } from "../errors/protocol-error.ts";
import { uuidFromBytes } from "./uuid.ts";
import { XdrReader } from "./xdr-reader.ts";
import type { XdrArms, XdrFields, XdrType, XdrValue } from "./xdr-type.ts";

/**
 * Decodes one value that fills `bytes` exactly.
 *
 * Strings that are no valid UTF-8 get U+FFFD for the bad bytes, so that one odd file name does not make a whole list unreadable;
 * such a name finds nothing when it is sent back.
 * @throws {ProtocolError} for input that is too short, too long, or over a limit; the message names the field.
 */
export const decodeXdr = <T extends XdrType>(type: T, bytes: Uint8Array): XdrValue<T> => {
  const reader = new XdrReader(bytes);
  const value = read(reader, type);
  if (reader.remaining > 0) throw new ProtocolError(`${reader.remaining} bytes are left after the last field`);
  // Sound: read() follows the descriptor that XdrValue is derived from
  return value as XdrValue<T>;
};

const read = (reader: XdrReader, type: XdrType): unknown => {
  switch (type.kind) {
    case "void":
      return undefined;
    case "int":
      return reader.int();
    case "uint":
      return reader.uint();
    case "hyper":
      return reader.hyper();
    case "uhyper":
      return reader.uhyper();
    case "double":
      return reader.double();
    case "bool":
      return reader.int() !== 0;
    case "uuid":
      return uuidFromBytes(reader.fixed(16));
    case "string":
      return reader.opaque(type.max).toString("utf8");
    case "opaque":
      return Uint8Array.from(reader.opaque(type.max));
    case "optional":
      return readOptional(reader, type.of);
    case "list":
      return readItems(reader, type.of, reader.count(type.max));
    case "vector":
      return readItems(reader, type.of, type.length);
    case "struct":
      return readStruct(reader, type.fields);
    case "union":
      return readUnion(reader, type.arms);
  }
};

const readOptional = (reader: XdrReader, of: XdrType): unknown => {
  const present = reader.uint();
  if (present > 1) throw new ProtocolError(`an optional field starts with ${present}, it must be 0 or 1`);
  return present === 1 ? read(reader, of) : undefined;
};

const readItems = (reader: XdrReader, of: XdrType, count: number): unknown[] => {
  const items: unknown[] = [];
  for (let index = 0; index < count; index++) items.push(inside(`[${index}]`, () => read(reader, of)));
  return items;
};

const readStruct = (reader: XdrReader, fields: XdrFields): unknown => {
  const value: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(fields)) value[name] = inside(name, () => read(reader, type));
  return value;
};

const readUnion = (reader: XdrReader, arms: XdrArms): unknown => {
  const tag = reader.int();
  const arm = arms[tag];
  if (arm === undefined) throw new ProtocolError(`a union has the unknown tag ${tag}`);
  return { type: arm.name, value: read(reader, arm.of) };
};

const inside = <T>(name: string, step: () => T): T => {
  try {
    return step();
  } catch (error) {
    if (error instanceof ProtocolError) throw new ProtocolError(`${name}: ${error.message}`);
    throw error;
  }
};
