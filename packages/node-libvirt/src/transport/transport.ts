import type { Duplex } from "node:stream";

/** A way to a daemon: opens byte pipes to it. One pipe carries one connection. */
export interface Transport {
  /** Where it leads, for messages; without secrets. */
  readonly address: string;
  /** @throws {ConnectError} */
  open(signal: AbortSignal): Promise<Duplex>;
}
