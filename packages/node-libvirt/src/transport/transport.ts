import type { Duplex } from "node:stream";

/** Opens unix sockets of the daemon's machine, from wherever this client runs. */
export interface Dialer {
  /** Where it leads, for messages; without secrets. */
  readonly address: string;
  /** How `dial` gets there: `here` on this machine, `carried` beside the calls, `none` not at all. */
  readonly sockets: "here" | "carried" | "none";
  /**
   * A byte pipe to a unix socket, for example of an NBD server. Over ssh a failure may come with the pipe's `error` event only,
   * because ssh does not tell when it is through. The caller ends the pipe with `destroy()`.
   * @throws {ConnectError} with the failure `unsupported` over TLS, which leads to libvirt and to nothing else.
   */
  dial(path: string, signal?: AbortSignal): Promise<Duplex>;
}

/** A way to a daemon: opens byte pipes to it. One pipe carries one connection. */
export interface Transport extends Dialer {
  /** @throws {ConnectError} */
  open(signal: AbortSignal): Promise<Duplex>;
}
