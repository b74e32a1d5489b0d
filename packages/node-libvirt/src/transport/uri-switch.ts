import { UriError } from "../errors/uri-error.ts";
import { uriParam, type LibvirtUri } from "./uri.ts";

/**
 * A parameter that is on or off: `1` or `0`. Absent is off.
 * @throws {UriError} for anything else, because a switch of security must not be guessed.
 */
export const uriSwitch = (uri: LibvirtUri, name: string): boolean => {
  const value = uriParam(uri, name) ?? "0";
  if (value !== "0" && value !== "1") throw new UriError(`The libvirt URI has ${name} neither 0 nor 1.`);
  return value === "1";
};
