import { clientClosed } from "../errors/client-closed.ts";
import type { Procedure } from "../protocol/procedure.ts";
import type { XdrType, XdrValue } from "../protocol/xdr-type.ts";
import type { Caller, CallOptions } from "./caller.ts";
import type { Connection } from "./connection.ts";
import { closeSession } from "./close-session.ts";
import { makeCall, type CallDefaults } from "./make-call.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface LaneOptions extends CallDefaults {
  /** Connections that may be open at once. */
  readonly maxConnections: number;
  /** Opens one; must call `onChange` as a connection does. */
  readonly open: (onChange: () => void, signal?: AbortSignal) => Promise<Connection>;
}

/**
 * Several connections behind one door. They are opened when all others are full, up to a limit; one that is lost is replaced by
 * the next call. Waiting calls are not bound to a connection, so a hung one holds back nobody but the calls that it has.
 */
export class Lane implements Caller {
  readonly #options: LaneOptions;
  readonly #connections = new Set<Connection>();
  readonly #waiting = new WaitingLine();
  #opening: Promise<Connection> | undefined;
  #closed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  async call<A extends XdrType, R extends XdrType>(
    procedure: Procedure<A, R>,
    args: XdrValue<A>,
    options: CallOptions = {},
  ): Promise<XdrValue<R>> {
    const { call, result } = makeCall(procedure, args, options, this.#options);
    this.#waiting.add(call);
    this.#dispatch();
    return await result;
  }

  /**
   * An open connection, opened if there is none.
   * @throws {ConnectError | LibvirtError}
   */
  async connection(signal?: AbortSignal): Promise<Connection> {
    if (this.#closed) throw clientClosed();
    const [open] = this.#connections;
    return open ?? this.#opening ?? this.#open(signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const call of this.#waiting.drain()) call.lose("closed by this client");
    await this.#opening?.catch(() => {});
    await Promise.all([...this.#connections].map(closeSession));
  }

  readonly #dispatch = (): void => {
    for (const connection of this.#connections) if (connection.lost) this.#connections.delete(connection);
    if (this.#closed) for (const call of this.#waiting.drain()) call.lose("closed by this client");
    while (this.#waiting.length > 0) {
      const connection = this.#idlest();
      if (connection === undefined) return this.#grow();
      const call = this.#waiting.next();
      if (call !== undefined) connection.submit(call);
    }
  };

  #idlest(): Connection | undefined {
    const [idlest] = [...this.#connections].sort((a, b) => b.free - a.free);
    return idlest !== undefined && idlest.free > 0 ? idlest : undefined;
  }

  #grow(): void {
    if (this.#opening !== undefined || this.#connections.size >= this.#options.maxConnections) return;
    this.#open().then(this.#dispatch, (error: Error) => {
      // With other connections open, the waiting calls still get their turn.
      if (this.#connections.size === 0) for (const call of this.#waiting.drain()) call.fail(error);
    });
  }

  async #open(signal?: AbortSignal): Promise<Connection> {
    try {
      this.#opening = this.#options.open(this.#dispatch, signal);
      const connection = await this.#opening;
      this.#connections.add(connection);
      return connection;
    } finally {
      this.#opening = undefined;
    }
  }
}
