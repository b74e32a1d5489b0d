import { NbdError } from "./nbd-error.ts";

/** The server broke the protocol; what follows on this connection cannot be trusted. */
export const protocolViolation = (what: string): NbdError =>
  new NbdError("protocol", `The NBD server broke the protocol: ${what}.`);
