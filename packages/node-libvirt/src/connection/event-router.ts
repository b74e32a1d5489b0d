import { ProtocolError } from "../errors/protocol-error.ts";
import { decodeXdr } from "../protocol/decode-xdr.ts";
import type { EventMessage } from "../protocol/event-message.ts";
import type { Frame } from "../protocol/frame.ts";
import { findEventMessage } from "../protocol/procedures.ts";
import type { XdrType, XdrValue } from "../protocol/xdr-type.ts";

export interface EventListener<M extends XdrType> {
  readonly event: (message: XdrValue<M>) => void;
  /** With an error when events were missed. */
  readonly end: (error?: Error) => void;
}

interface Registered {
  readonly receive: (body: Buffer) => void;
  readonly end: (error?: Error) => void;
}

/** Events that come before the reply to their own registration are kept, this many. */
const maxEarly = 1000;

/**
 * Takes events to their listeners by callback id, the first field of each event. It is unique on its connection for one kind of
 * event only, so both count. An event may overtake the reply that tells its callback id; it is kept while a registration is
 * under way.
 */
export class EventRouter {
  readonly #listeners = new Map<string, Registered>();
  #early: { readonly key: string; readonly body: Buffer }[] = [];
  #registering = 0;

  /** Wraps a registration; `register` resolves to the callback id. */
  async listen<M extends XdrType>(
    event: EventMessage<M>,
    listener: EventListener<M>,
    register: () => Promise<number>,
  ): Promise<number> {
    this.#registering++;
    try {
      const callbackId = await register();
      const key = keyOf(event, callbackId);
      const receive = (body: Buffer) => listener.event(decodeXdr(event.message, body));
      this.#listeners.set(key, { receive, end: listener.end });
      for (const early of this.#early) if (early.key === key) receive(early.body);
      this.#early = this.#early.filter((early) => early.key !== key);
      return callbackId;
    } finally {
      this.#registering--;
      if (this.#registering === 0) this.#early = [];
    }
  }

  forget(event: EventMessage, callbackId: number): void {
    this.#listeners.delete(keyOf(event, callbackId));
  }

  /** @throws {ProtocolError} for an event that this package does not know or cannot read. */
  route({ header, body }: Frame): void {
    const event = findEventMessage(header.program, header.proc);
    if (event === undefined || body.length < 4) {
      throw new ProtocolError(`an event has the unknown number ${header.proc} of program ${header.program}`);
    }
    const key = keyOf(event, body.readInt32BE(0));
    const listener = this.#listeners.get(key);
    if (listener !== undefined) return listener.receive(body);
    // Otherwise it is for a listener that has just left.
    if (this.#registering > 0 && this.#early.length < maxEarly) this.#early.push({ key, body });
  }

  /** Ends every subscription. */
  end(error?: Error): void {
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.end(error);
  }
}

const keyOf = (event: EventMessage, callbackId: number): string => `${event.proc}/${callbackId}`;
