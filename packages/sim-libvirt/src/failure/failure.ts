import type { RemoteError } from "@quiesce/node-libvirt/protocol";
import { errorCodes, errorDomains, type ErrorCode, type ErrorDomain } from "./error-codes.ts";

/** What the daemon answers instead of a result. The message is the code's words and the reason. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: number;
  readonly domain: number;

  constructor(code: number, domain: number, message: string) {
    super(message);
    this.code = code;
    this.domain = domain;
  }
}

export const failure = (code: ErrorCode, domain: ErrorDomain, reason: string): Failure =>
  new Failure(errorCodes[code].code, errorDomains[domain], errorCodes[code].prefix + reason);

/** An error as it goes over the wire. `str1` and `str2` are what the daemon fills for a message with one argument. */
export const toRemoteError = ({ code, domain, message }: Failure): RemoteError => ({
  code,
  domain,
  message,
  level: 2,
  dom: undefined,
  str1: "%s",
  str2: message,
  str3: undefined,
  int1: -1,
  int2: -1,
  net: undefined,
});
