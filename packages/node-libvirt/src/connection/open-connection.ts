import { CallAbortedError, CallTimedOutError, ConnectionLostError } from "../errors/call-error.ts";
import { ConnectError } from "../errors/connect-error.ts";
import { LibvirtError } from "../errors/libvirt-error.ts";
import { procedures } from "../protocol/procedures.ts";
import type { Target } from "../transport/resolve-uri.ts";
import type { CallOptions } from "./caller.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { KeepaliveOptions } from "./keepalive.ts";

export interface OpenOptions extends ConnectionOptions {
  /** Deadline for the whole opening, in milliseconds. */
  readonly connectTimeoutMs: number;
  /**
   * Without it neither side sends PINGs. For a stream: while nobody takes its bytes the connection is not read, and a daemon
   * that had been told of keepalive would end it for want of answers.
   */
  readonly keepalive: KeepaliveOptions | undefined;
  readonly readOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Kinds of authentication that a daemon may ask for (`REMOTE_AUTH_*`). */
const auth = { none: 0, sasl: 1, polkit: 2 } as const;

/** What to ask with CONNECT_SUPPORTS_FEATURE (`VIR_DRV_FEATURE_*`). */
const features = { keepalive: 10 } as const;

const openReadOnly = 1;

/**
 * Opens a pipe, authenticates and opens the driver.
 * @throws {ConnectError} when there is no session to be had. @throws {LibvirtError} when the daemon cannot open the URI.
 */
export const openConnection = async (target: Target, options: OpenOptions): Promise<Connection> => {
  const timeout = AbortSignal.timeout(options.connectTimeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  try {
    return await openSession(target, options, signal);
  } catch (error) {
    if (timeout.aborted && !options.signal?.aborted) throw tooSlow(target, options.connectTimeoutMs, error);
    throw error;
  }
};

const openSession = async (target: Target, options: OpenOptions, signal: AbortSignal): Promise<Connection> => {
  const connection = new Connection(await target.transport.open(signal), options);
  const call: CallOptions = { signal, timeoutMs: Number.POSITIVE_INFINITY };
  try {
    await authenticate(connection, target, call);
    const flags = options.readOnly ? openReadOnly : 0;
    await connection.call(procedures.connectOpen, { name: target.name, flags }, call);
    if (options.keepalive !== undefined) {
      // To be asked is what makes the daemon send PINGs too.
      const feature = features.keepalive;
      const { supported } = await connection.call(procedures.connectSupportsFeature, { feature }, call);
      if (supported) connection.startKeepalive(options.keepalive);
    }
    return connection;
  } catch (error) {
    await connection.close();
    throw asConnectError(error, target);
  }
};

const authenticate = async (connection: Connection, target: Target, call: CallOptions): Promise<void> => {
  const { types } = await connection.call(procedures.authList, undefined, call);
  if (types.length === 0 || types.includes(auth.none)) return;
  if (!types.includes(auth.polkit)) {
    throw new ConnectError(
      "authentication",
      `libvirt at ${target.transport.address} asks for ${types.includes(auth.sasl) ? "SASL" : "unknown"} authentication. ` +
        `Supported are none and polkit: use a socket with auth_unix_rw = "none" or "polkit".`,
    );
  }
  try {
    await connection.call(procedures.authPolkit, undefined, call);
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    throw new ConnectError(
      "authentication",
      `libvirt at ${target.transport.address} refused this user by polkit: ${error.daemonMessage}. ` +
        `Join the group libvirt, or allow the action org.libvirt.unix.manage.`,
      { cause: error },
    );
  }
};

/** While a session is opened, a broken call is a failure to connect. What the daemon answers stays as it is. */
const asConnectError = (error: unknown, target: Target): unknown => {
  const at = target.transport.address;
  if (error instanceof ConnectionLostError) {
    // Over ssh the way itself turns out to be closed only when it is used.
    if (error.cause instanceof ConnectError) return error.cause;
    const message = `libvirt at ${at} ended the connection while it was opened: ${error.reason}.`;
    return new ConnectError("closed", message, { cause: error });
  }
  if (error instanceof CallAbortedError || error instanceof CallTimedOutError) {
    return new ConnectError("aborted", `Connecting to libvirt at ${at} was given up by the caller.`, { cause: error });
  }
  return error;
};

const tooSlow = (target: Target, timeoutMs: number, cause: unknown): ConnectError =>
  new ConnectError(
    "timed-out",
    `libvirt at ${target.transport.address} did not open a session within ${timeoutMs} ms. Is the daemon hung?`,
    { cause },
  );
