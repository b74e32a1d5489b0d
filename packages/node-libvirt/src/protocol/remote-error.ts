import { domainRef, networkRef } from "./refs.ts";
import { int, optional, optionalString, struct, type XdrValue } from "./xdr-type.ts";

/** Body of a reply with status `error`. `level`: 1 warning, 2 error. */
export const remoteError = struct({
  code: int,
  domain: int,
  message: optionalString,
  level: int,
  dom: optional(domainRef),
  str1: optionalString,
  str2: optionalString,
  str3: optionalString,
  int1: int,
  int2: int,
  net: optional(networkRef),
});
export type RemoteError = XdrValue<typeof remoteError>;
