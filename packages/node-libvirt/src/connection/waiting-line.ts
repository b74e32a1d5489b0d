import type { PendingCall } from "./pending-call.ts";

/** Calls that wait for their turn, first come first served. One that ends while it waits leaves the line at once. */
export class WaitingLine {
  readonly #calls = new Set<PendingCall>();

  get length(): number {
    return this.#calls.size;
  }

  add(call: PendingCall): void {
    this.#calls.add(call);
    call.onEnd(() => this.#calls.delete(call));
  }

  next(): PendingCall | undefined {
    const [call] = this.#calls;
    if (call === undefined) return undefined;
    this.#calls.delete(call);
    call.onEnd(undefined);
    return call;
  }

  /** Empties the line. */
  drain(): readonly PendingCall[] {
    return Array.from({ length: this.length }, () => this.next()).filter((call) => call !== undefined);
  }
}
