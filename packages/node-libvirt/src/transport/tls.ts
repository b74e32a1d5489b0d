import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { ConnectError, type ConnectFailure } from "../errors/connect-error.ts";
import { UriError } from "../errors/uri-error.ts";
import { readTlsCredentials, type TlsPlaces } from "./tls-credentials.ts";
import type { Transport } from "./transport.ts";
import { uriSwitch } from "./uri-switch.ts";
import { uriParam, type LibvirtUri } from "./uri.ts";

const defaultPort = 16_514;
/** Silence after which the kernel asks whether the other side still lives. */
const aliveMs = 10_000;
/** What the daemon sends inside the tunnel when it accepts the client. */
const accepted = 1;

/** `qemu+tls://host[:port]/system`: certificates of both sides, signed by one CA. */
export const tlsTransport = (uri: LibvirtUri, home: string | undefined): Transport => {
  const { host, port = defaultPort } = uri;
  if (host === undefined) throw new UriError("The libvirt URI asks for TLS but names no host: qemu+tls://host/system.");
  if (uriParam(uri, "tls_priority") !== undefined) {
    throw new UriError("The libvirt URI has tls_priority, which is GnuTLS's and has no meaning here. Leave it out.");
  }
  const verify = !uriSwitch(uri, "no_verify");
  const places: TlsPlaces = { pkipath: uriParam(uri, "pkipath"), home, verify };
  const address = `TLS ${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  return {
    address,
    sockets: "none",
    open: async (signal) => {
      const { ca, crl, client } = await readTlsCredentials(places);
      const servername = isIP(host) === 0 ? host : undefined;
      const options = { host, port, ca, crl, ...client, ...(servername === undefined ? {} : { servername }) };
      return await handshake(address, () => connect({ ...options, rejectUnauthorized: verify }), signal);
    },
    dial: async (path) => {
      throw new ConnectError(
        "unsupported",
        `${path} is a socket of ${host}, and TLS leads to libvirt there and to nothing else. Use qemu+ssh:// instead.`,
      );
    },
  };
};

const handshake = (address: string, begin: () => TLSSocket, signal: AbortSignal): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const aborted = () =>
      new ConnectError("aborted", `Connecting to libvirt at ${address} was given up by the caller.`);
    if (signal.aborted) return reject(aborted());
    let socket: TLSSocket;
    try {
      socket = begin();
    } catch (cause) {
      return reject(refused(address, cause as NodeJS.ErrnoException));
    }
    const onReadable = () => {
      const byte: unknown = socket.read(1);
      if (!(byte instanceof Buffer)) return;
      if (byte[0] !== accepted) return end(notAccepted(address));
      leave();
      resolve(socket);
    };
    const onAbort = () => end(aborted());
    const onEnd = () => end(notAccepted(address));
    const onError = (error: NodeJS.ErrnoException) => end(refused(address, error));
    const leave = () => {
      signal.removeEventListener("abort", onAbort);
      socket.off("readable", onReadable).off("end", onEnd).off("error", onError);
    };
    const end = (error: ConnectError) => {
      leave();
      // What it still says is of no interest.
      socket.on("error", () => {}).destroy();
      reject(error);
    };
    signal.addEventListener("abort", onAbort);
    socket.setKeepAlive(true, aliveMs).setNoDelay(true);
    socket.on("readable", onReadable).on("end", onEnd).on("error", onError);
  });

const notAccepted = (address: string): ConnectError =>
  new ConnectError(
    "authentication",
    `libvirt at ${address} did not accept this client's certificate. Show one that its CA has signed and that its ` +
      `tls_allowed_dn_list has (?pkipath=/folder, ~/.pki/libvirt or /etc/pki).`,
  );

const untrusted = "its certificate cannot be trusted";
const failures: Readonly<Record<string, readonly [ConnectFailure, string]>> = {
  ECONNREFUSED: ["refused", "nobody listens there. Is libvirtd started with --listen, or virtproxyd-tls.socket?"],
  ENOTFOUND: ["failed", "there is no host with this name."],
  ERR_TLS_CERT_ALTNAME_INVALID: ["untrusted", "its certificate is for another host."],
  CERT_HAS_EXPIRED: ["untrusted", "its certificate has expired."],
  CERT_NOT_YET_VALID: ["untrusted", "its certificate is not valid yet. Are the clocks right?"],
  CERT_REVOKED: ["untrusted", "its certificate has been revoked."],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["untrusted", `${untrusted}: it vouches for itself.`],
  SELF_SIGNED_CERT_IN_CHAIN: ["untrusted", `${untrusted}: another CA has signed it.`],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["untrusted", `${untrusted}: another CA has signed it.`],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["untrusted", `${untrusted}: another CA has signed it.`],
  CERT_SIGNATURE_FAILURE: ["untrusted", `${untrusted}: its signature is not that of the CA.`],
};

const refused = (address: string, error: NodeJS.ErrnoException): ConnectError => {
  const code = error.code ?? "";
  // An alert of the daemon: it looked at the client's certificate and refused it.
  if (/^ERR_SSL_TLSV?1.*ALERT/u.test(code) || /ALERT.*CERTIFICATE/u.test(code)) return notAccepted(address);
  const [failure, text] = failures[code] ?? ["failed", `${error.message}.`];
  return new ConnectError(failure, `Cannot connect to libvirt at ${address}: ${text}`, { cause: error });
};
