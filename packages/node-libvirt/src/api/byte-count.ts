import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";

/**
 * A number of bytes for the wire.
 * @throws {InvalidArgumentError}
 */
export const byteCount = (value: number, what: string): bigint => {
  if (Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new InvalidArgumentError(`${what} is ${value}; it must be a whole number of bytes, 0 or more`);
};
