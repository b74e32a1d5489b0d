import { failure } from "../failure/failure.ts";
import type { Clock } from "../host/clock.ts";

/** One job at a time, in order. Who waits too long gets libvirt's error, which names the holder. */
export class JobLock {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #holder: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get holder(): string | undefined {
    return this.#holder;
  }

  /** @throws {Failure} operation-timeout */
  async run<T>(holder: string, waitMs: number, job: () => Promise<T> | T): Promise<T> {
    if (this.#holder === undefined) this.#holder = holder;
    else await this.#wait(holder, waitMs);
    try {
      return await job();
    } finally {
      this.#holder = undefined;
      this.#waiting.shift()?.();
    }
  }

  #wait(holder: string, waitMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(waitMs, () => {
      this.#waiting.splice(this.#waiting.indexOf(turn), 1);
      reject(failure("operation-timeout", "qemu", `cannot acquire state change lock (held by ${this.#holder})`));
    });
    const turn = () => {
      cancel();
      this.#holder = holder;
      resolve();
    };
    this.#waiting.push(turn);
    return promise;
  }
}
