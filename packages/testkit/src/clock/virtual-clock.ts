import { asId, type Clock, type Instant } from "@quiesce/core";

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** Lets everything that is ready run; three turns let chains of immediate callbacks and I/O follow each other. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Turns without a timer and without an end after which `until` gives up. */
const idleTurns = 50;

/** A clock that the test owns: hours pass in milliseconds, and never by themselves. */
export class VirtualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #monotonic = 0;
  #wall: number;

  constructor(start = "2026-01-01T00:00:00.000Z") {
    this.#wall = Date.parse(start);
  }

  now(): Instant {
    return asId<Instant>(new Date(this.#wall).toISOString());
  }

  monotonicMs(): number {
    return this.#monotonic;
  }

  timer(ms: number, call: () => void): () => void {
    const one = { at: this.#monotonic + ms, call };
    this.#timers.add(one);
    return () => this.#timers.delete(one);
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const stop = this.timer(ms, resolve);
      signal.addEventListener("abort", () => {
        stop();
        reject(signal.reason as Error);
      });
    });
  }

  /** Moves the wall clock alone, as NTP or a person does; timers and durations do not notice. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** Lets this much time pass, firing what is due in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let one = this.#next(); one !== undefined && one.at <= end; one = this.#next()) {
      this.#fire(one);
      await settle();
    }
    this.#pass(Math.max(0, end - this.#monotonic));
  }

  /** Lets time pass, timer by timer, until the promise settles. Throws when there is nothing left to wait for. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const watched = promise.finally(() => {
      settled = true;
    });
    watched.catch(() => {});
    for (let idle = 0; idle < idleTurns;) {
      await settle();
      if (settled) return await watched;
      const one = this.#next();
      idle = one === undefined ? idle + 1 : 0;
      if (one !== undefined) this.#fire(one);
    }
    throw new Error("The virtual clock has no timer left, and the promise is still pending.");
  }

  #next(): Timer | undefined {
    return [...this.#timers].sort((a, b) => a.at - b.at)[0];
  }

  #pass(ms: number): void {
    this.#monotonic += ms;
    this.#wall += ms;
  }

  #fire(one: Timer): void {
    this.#pass(Math.max(0, one.at - this.#monotonic));
    this.#timers.delete(one);
    one.call();
  }
}
