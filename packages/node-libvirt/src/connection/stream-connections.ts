import { clientClosed } from "../errors/client-closed.ts";
import { closeSession } from "./close-session.ts";
import type { Connection } from "./connection.ts";

/**
 * A connection of its own for every stream: a slow one must not hold back what else its connection would carry, and one that is
 * broken off takes nothing with it.
 */
export class StreamConnections {
  readonly #open: (signal?: AbortSignal) => Promise<Connection>;
  readonly #connections = new Set<Connection>();
  #closed = false;

  constructor(open: (signal?: AbortSignal) => Promise<Connection>) {
    this.#open = open;
  }

  /** Opens one; it is the caller's until it is released or dropped. @throws {ConnectError | LibvirtError} */
  async acquire(signal?: AbortSignal): Promise<StreamLease> {
    if (this.#closed) throw clientClosed();
    const connection = await this.#open(signal);
    this.#connections.add(connection);
    // The client may have been closed meanwhile.
    if (this.#closed) {
      await this.close();
      throw clientClosed();
    }
    const end = async (how: (connection: Connection) => Promise<void>) => {
      this.#connections.delete(connection);
      await how(connection);
    };
    return { connection, release: () => end(closeSession), drop: () => end((lost) => lost.close()) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#connections].map((connection) => connection.close()));
    this.#connections.clear();
  }
}

export interface StreamLease {
  readonly connection: Connection;
  /** Ends it in order, after a stream that has ended so. */
  release(): Promise<void>;
  /** Cuts it off, whatever goes on. */
  drop(): Promise<void>;
}
