import { uriParam, type LibvirtUri } from "./uri.ts";

/** Parameters that steer the client and are not passed on. */
const clientParams = new Set([
  "name",
  "command",
  "socket",
  "auth",
  "sshauth",
  "netcat",
  "keyfile",
  "pkipath",
  "known_hosts",
  "known_hosts_verify",
  "tls_priority",
  "mode",
  "proxy",
  "no_sanity",
  "no_verify",
  "no_tty",
]);

/**
 * The URI that the daemon is asked to open: the client's URI without transport, host and client parameters; or the parameter
 * `name` as it stands. For the driver `remote` it is empty: the daemon chooses.
 */
export const daemonUri = (uri: LibvirtUri): string => {
  const name = uriParam(uri, "name");
  if (name !== undefined) return name;
  if (uri.driver === "remote") return "";
  const query = uri.params
    .filter(([key]) => !clientParams.has(key))
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join("&");
  const path = uri.path.split("/").map(encodeURIComponent).join("/");
  return `${uri.driver}://${path}${query === "" ? "" : `?${query}`}`;
};
