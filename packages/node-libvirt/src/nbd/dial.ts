import { createConnection, type NetConnectOpts, type OnReadOpts, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ByteSink } from "./byte-pump.ts";
import { NbdError } from "./nbd-error.ts";

/**
 * Opens a byte pipe to an NBD server; called once per connection. Any function that gives a duplex stream will do. One that
 * reads into `sink` itself, and then emits no `data`, spares a copy.
 */
export type NbdDial = (sink: ByteSink, signal: AbortSignal) => Promise<Duplex>;

/** A unix socket of this machine. */
export const unixSocket =
  (path: string): NbdDial =>
  (sink, signal) =>
    open({ path }, `unix socket ${path}`, sink, signal);

/** A TCP port. The protocol is not encrypted and asks for no password: for 127.0.0.1 or a network that is trusted. */
export const tcpSocket =
  (port: number, host = "127.0.0.1"): NbdDial =>
  (sink, signal) =>
    open({ port, host, noDelay: true }, `${host} port ${port}`, sink, signal);

const open = (options: NetConnectOpts, at: string, sink: ByteSink, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket: Socket = createConnection({ ...options, onread: direct(sink, () => socket) });
    const onAbort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    const onError = (error: NodeJS.ErrnoException) => {
      signal.removeEventListener("abort", onAbort);
      reject(refused(at, error));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError).once("connect", () => {
      signal.removeEventListener("abort", onAbort);
      // Its user listens from now on; both happen before the next event can come.
      socket.off("error", onError);
      resolve(socket);
    });
  });

/** The socket reads into the sink's memory; what the sink throws ends the socket as any of its own errors does. */
const direct = (sink: ByteSink, socket: () => Socket): OnReadOpts => ({
  // Node asks again after each read, so bytes of a disk go where they belong without a copy.
  buffer: sink.space,
  callback: (count) => {
    try {
      sink.filled(count);
      return true;
    } catch (error) {
      socket().destroy(error as Error);
      return false;
    }
  },
});

const advice: Readonly<Record<string, string>> = {
  ENOENT: "there is no such socket. Has the export been started?",
  ECONNREFUSED: "nobody listens there. Start the export again.",
  EACCES: "this user may not open it. Run as a user of its group.",
};

const refused = (at: string, error: NodeJS.ErrnoException): NbdError =>
  new NbdError("connect", `Cannot connect to the NBD server at ${at}: ${advice[error.code ?? ""] ?? error.message}`, {
    cause: error,
  });
