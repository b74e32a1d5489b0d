import { ProtocolError } from "../errors/protocol-error.ts";

/**
 * A 64-bit count as a number.
 * @throws {ProtocolError} above 2^53, where a number would not be exact; no size that exists comes near.
 */
export const safeNumber = (value: bigint, what: string): number => {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ProtocolError(`${what} is ${value}, which cannot be true`);
  return number;
};
