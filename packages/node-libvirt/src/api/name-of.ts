import { ProtocolError } from "../errors/protocol-error.ts";

/** The name for a number on the wire; names stand at the index of their number. */
export const nameOf = <const N extends readonly string[]>(names: N, number: number): N[number] | "unrecognised" =>
  names[number] ?? "unrecognised";

/**
 * The same, where an unknown number would leave the answer without meaning.
 * @throws {ProtocolError}
 */
export const knownNameOf = <const N extends readonly string[]>(names: N, number: number, what: string): N[number] => {
  const name = names[number];
  if (name === undefined) throw new ProtocolError(`${what} has the unknown number ${number}`);
  return name;
};
