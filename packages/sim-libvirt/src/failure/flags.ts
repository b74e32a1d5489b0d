import { errorCodes, errorDomains, type ErrorDomain } from "./error-codes.ts";
import { Failure } from "./failure.ts";

/** Refuses flags outside `supported`, as every call of the daemon does. */
export const checkFlags = (
  flags: number,
  supported: number,
  functionName: string,
  domain: ErrorDomain = "qemu",
): void => {
  const rest = (flags & ~supported) >>> 0;
  if (rest === 0) return;
  const text = `unsupported flags (0x${rest.toString(16)}) in function ${functionName}`;
  throw new Failure(errorCodes["invalid-argument"].code, errorDomains[domain], text);
};
