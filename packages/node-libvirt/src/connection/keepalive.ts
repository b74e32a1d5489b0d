export interface KeepaliveOptions {
  /** Silence after which a PING is sent, in milliseconds. Default 5000. */
  readonly intervalMs: number;
  /** PINGs without any answer after which the connection counts as dead. Default 5. */
  readonly count: number;
}

/** Notices a peer that no longer answers. Any message from it counts as a sign of life. */
export class Keepalive {
  readonly #timer: NodeJS.Timeout;
  #unanswered = 0;
  #heard = true;

  constructor({ intervalMs, count }: KeepaliveOptions, ping: () => void, dead: (reason: string) => void) {
    this.#timer = setInterval(() => {
      if (this.#heard) {
        this.#heard = false;
        return;
      }
      if (this.#unanswered >= count) return dead(`no answer to ${count} keepalive messages`);
      this.#unanswered++;
      ping();
    }, intervalMs);
    // The socket alone decides whether the process stays alive.
    this.#timer.unref();
  }

  heard(): void {
    this.#heard = true;
    this.#unanswered = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
