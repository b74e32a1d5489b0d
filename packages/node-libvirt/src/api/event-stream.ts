import { EventsLostError } from "../errors/events-lost-error.ts";

/** Events that nobody has taken yet; more than this end the stream, because dropping some would be a lie. */
const maxWaiting = 10_000;

/** Events as they come. It ends by `close()`, its own or the client's, and fails with `EventsLostError` when any were missed. */
export class EventStream<T> implements AsyncIterable<T>, AsyncDisposable {
  readonly #unsubscribe: () => Promise<void>;
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(unsubscribe: () => Promise<void>) {
    this.#unsubscribe = unsubscribe;
  }

  /** For the source of the events. */
  push(event: T): void {
    if (this.#end !== undefined) return;
    if (this.#waiting.length >= maxWaiting)
      return this.end(new EventsLostError(`${maxWaiting} wait and nobody takes them`));
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** For the source of the events: none will come any more. Those that wait can still be taken. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) yield event;
      else if (this.#end?.error !== undefined) throw this.#end.error;
      else if (this.#end !== undefined) return;
      else await this.#next();
    }
  }

  /** Ends the subscription. Waiting events are dropped. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    const first = this.#end === undefined;
    this.end();
    if (first) await this.#unsubscribe();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
  }
}
