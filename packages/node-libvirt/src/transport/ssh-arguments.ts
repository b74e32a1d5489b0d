import { UriError } from "../errors/uri-error.ts";
import { uriSwitch } from "./uri-switch.ts";
import { uriParam, type LibvirtUri } from "./uri.ts";

/** What ssh itself would take as an option, or hand on to a shell that the user's configuration names. */
const hostShape = /^[A-Za-z0-9_:.%][A-Za-z0-9_:.%-]*$/u;
const userShape = /^[^-\s'"`$\\;&<>|(){}\p{Cc}][^\s'"`$;&<>|(){}\p{Cc}]*$/u;
/** Seconds, and how many in a row without an answer. */
const alive = { interval: 10, count: 3 } as const;

/**
 * The arguments of `ssh` for `user@host:port` and the parameters `keyfile`, `known_hosts` and `no_verify`; the remote command
 * comes last. It never asks anything: there is nobody to answer.
 * @throws {UriError}
 */
export const sshArguments = (uri: LibvirtUri, command: string): readonly string[] => {
  const { host, user, port } = uri;
  if (host === undefined) throw new UriError("The libvirt URI asks for ssh but names no host: qemu+ssh://host/system.");
  if (!hostShape.test(host)) throw new UriError("The libvirt URI has a host that is no name and no address.");
  if (user !== undefined && !userShape.test(user)) {
    throw new UriError("The libvirt URI has a user with characters that ssh does not take.");
  }
  return [
    "-T",
    ...option("EscapeChar", "none"),
    ...option("BatchMode", "yes"),
    ...option("ServerAliveInterval", String(alive.interval)),
    ...option("ServerAliveCountMax", String(alive.count)),
    ...identity(uriParam(uri, "keyfile")),
    ...hostKey(uri),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(user === undefined ? [] : ["-l", user]),
    "--",
    host,
    command,
  ];
};

const identity = (keyfile: string | undefined): readonly string[] =>
  keyfile === undefined ? [] : [...option("IdentityFile", file(keyfile)), ...option("IdentitiesOnly", "yes")];

const hostKey = (uri: LibvirtUri): readonly string[] => {
  const knownHosts = uriParam(uri, "known_hosts");
  return [
    ...(knownHosts === undefined ? [] : option("UserKnownHostsFile", file(knownHosts))),
    ...(uriSwitch(uri, "no_verify") ? option("StrictHostKeyChecking", "no") : []),
  ];
};

const option = (name: string, value: string): readonly string[] => ["-o", `${name}=${value}`];

/** A file as the value of an option: ssh would split it at spaces and fill in what follows a percent sign. */
const file = (path: string): string => {
  if (/["\p{Cc}]/u.test(path)) throw new UriError("The libvirt URI names a file with a quote or a control character.");
  return `"${path.replaceAll("%", "%%")}"`;
};
