import { UriError } from "../errors/uri-error.ts";
import { daemonUri } from "./daemon-uri.ts";
import { socketCandidates, type Surroundings } from "./socket-candidates.ts";
import type { Transport } from "./transport.ts";
import { unixTransport } from "./unix.ts";
import { parseUri } from "./uri.ts";

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
  if (uri.transport !== "unix") {
    throw new UriError(
      `The libvirt URI asks for the transport "${uri.transport}", which is not supported. ` +
        `Supported are unix sockets of this machine: qemu:///system, qemu:///session, qemu+unix:///system?socket=/path.`,
    );
  }
  if (uri.host !== undefined)
    throw new UriError("The libvirt URI names a host, but a unix socket is on this machine. Leave the host out.");
  return { transport: unixTransport(socketCandidates(uri, at)), name: daemonUri(uri) };
};
