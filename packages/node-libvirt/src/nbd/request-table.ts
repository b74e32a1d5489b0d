import type { NbdError } from "./nbd-error.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Unanswered } from "./replies.ts";

/** QEMU works on so many requests of a client at once and leaves the rest in the socket. */
const maxInFlight = 16;

/** The requests of one connection: those that wait to be sent, in order, and those that the server has. */
export class RequestTable implements Unanswered {
  readonly #waiting = new Set<PendingRequest>();
  /** In the order of sending. */
  readonly #inFlight = new Map<number, PendingRequest>();
  readonly #send: (request: PendingRequest, cookie: number) => void;
  #lastCookie = 0;

  constructor(send: (request: PendingRequest, cookie: number) => void) {
    this.#send = send;
  }

  /** Requests that are not answered yet. */
  get size(): number {
    return this.#waiting.size + this.#inFlight.size;
  }

  /** The one that has been at the server for longest. */
  get oldest(): PendingRequest | undefined {
    return this.#inFlight.values().next().value;
  }

  add(request: PendingRequest): void {
    this.#waiting.add(request);
    this.#sendNext();
  }

  /** Takes back a request that was not sent; one that was sent stays until its answer has come. */
  remove(request: PendingRequest): void {
    this.#waiting.delete(request);
  }

  readonly find = (cookie: number): PendingRequest | undefined => this.#inFlight.get(cookie);

  readonly finish = (cookie: number): void => {
    // Taken out only when it has ended: one whose answer has gaps ends with the connection.
    this.#inFlight.get(cookie)?.finish();
    this.#inFlight.delete(cookie);
    this.#sendNext();
  };

  failAll(error: NbdError): void {
    for (const request of this.#inFlight.values()) request.fail(error);
    for (const request of this.#waiting) request.fail(error);
    this.#inFlight.clear();
    this.#waiting.clear();
  }

  #sendNext(): void {
    for (const request of this.#waiting) {
      if (this.#inFlight.size >= maxInFlight) return;
      this.#waiting.delete(request);
      this.#lastCookie = (this.#lastCookie + 1) >>> 0;
      this.#inFlight.set(this.#lastCookie, request);
      this.#send(request, this.#lastCookie);
    }
  }
}
