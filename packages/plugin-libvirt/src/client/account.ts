import { asId, type Account } from "@quiesce/core";

/**
 * Names the daemon that a URI leads to, the same for each way to write it, without user names' passwords and without
 * parameters that choose a key or a check: `libvirt:qemu:///system`. The transport does not count, except where the
 * user named a socket: that may be another daemon.
 */
export const accountOf = (uri: string | undefined, daemonUri: string): Account => {
  const known = asId<Account>(`libvirt:${withoutQuery(daemonUri)}`);
  if (uri === undefined || !/^[a-z][a-z0-9+.-]*:/i.test(uri)) return known;
  const url = URL.parse(uri);
  if (url === null) return known;
  const [driver = ""] = url.protocol.slice(0, -1).split("+");
  const user = url.username === "" ? "" : `${url.username}@`;
  const socket = url.searchParams.get("socket");
  const path = url.pathname === "" ? "/" : url.pathname;
  return asId<Account>(
    `libvirt:${driver}://${user}${url.host}${path}${socket === null ? "" : `?socket=${encodeURI(socket)}`}`,
  );
};

const withoutQuery = (uri: string): string => uri.split("?", 1)[0] ?? uri;
