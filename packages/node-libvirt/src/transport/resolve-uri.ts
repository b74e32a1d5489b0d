import { UriError } from "../errors/uri-error.ts";
import { daemonUri } from "./daemon-uri.ts";
import { socketCandidates, type Surroundings } from "./socket-candidates.ts";
import type { Transport } from "./transport.ts";
import { unixTransport } from "./unix.ts";
import { sshTransport } from "./ssh.ts";
import { tlsTransport } from "./tls.ts";
import { parseUri, type LibvirtUri } from "./uri.ts";

/** Where to connect, and what to ask the daemon for. */
export interface Target {
  readonly transport: Transport;
  /** For CONNECT_OPEN; empty lets the daemon choose the driver. */
  readonly name: string;
}

/**
 * Without a URI, `LIBVIRT_DEFAULT_URI` counts; without that, the daemon chooses the driver. libvirt's own configuration file
 * (aliases, `uri_default`) is not read. A test driver needs a daemon here: there is no C library in this process to run it.
 * @throws {UriError}
 */
export const resolveUri = (text: string | undefined, at: Surroundings): Target => {
  const chosen = text ?? (at.env["LIBVIRT_DEFAULT_URI"] || undefined);
  if (chosen === undefined) return { transport: unixTransport(socketCandidates(undefined, at)), name: "" };
  const uri = parseUri(chosen);
  return { transport: transportOf(uri, at), name: daemonUri(uri) };
};

const transportOf = (uri: LibvirtUri, at: Surroundings): Transport => {
  switch (uri.transport) {
    case "unix":
      if (uri.host === undefined) return unixTransport(socketCandidates(uri, at));
      throw new UriError("The libvirt URI names a host, but a unix socket is on this machine. Leave the host out.");
    case "tls":
      return tlsTransport(uri, at.uid === 0 ? undefined : at.env["HOME"]);
    case "ssh":
      return sshTransport(uri, at);
    default:
      throw new UriError(
        `The libvirt URI asks for the transport "${uri.transport}", which is not supported. ` +
          `Supported are unix sockets, TLS and ssh: qemu:///system, qemu+tls://host/system, qemu+ssh://host/system.`,
      );
  }
};
