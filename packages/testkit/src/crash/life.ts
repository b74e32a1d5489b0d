import type { Clock } from "@quiesce/core";

/** What becomes of a call that is under way to its provider when the caller dies. */
export type Fate = "never" | "at-once" | { readonly afterMs: number };

export interface LifeOptions {
  /** The world's clock: calls that take effect later do so although their caller is dead. */
  readonly clock: Pick<Clock, "timer">;
  /** Asked at each point: does the process die here? Default: it lives on. */
  readonly diesAt?: (point: Point) => boolean;
  /** Dealt in turn to the calls that are under way at the death. Default: all arrive at once. */
  readonly fates?: readonly Fate[];
}

/** Where the process is. */
export interface Point {
  /** Counted from 1. */
  readonly at: number;
  readonly label: string;
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/**
 * One life of a process that runs in the test's own process: from its start to its end, or to a point at which it
 * dies. From its death on no call of it is answered and none goes out, so that whatever it still had in hand stays
 * where it is; `mortalParts` puts its ports under this rule. A point lies before and after each call that matters.
 */
export class Life {
  /** Called at each point that the process lives through. */
  onPoint: (point: Point) => void = () => {};
  readonly death: Promise<Point>;
  readonly #options: LifeOptions;
  readonly #underWay = new Set<AbortController>();
  readonly #atDeath = new Set<() => void>();
  #die: (point: Point) => void = () => {};
  #points = 0;
  #fates = 0;
  #diedAt: Point | undefined;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  /** How many points it reached. */
  get points(): number {
    return this.#points;
  }

  get isDead(): boolean {
    return this.#diedAt !== undefined;
  }

  /** A call of the process to one of its ports; with a label there is a point before it and one after it. */
  async call<T>(label: string | undefined, work: () => Promise<T>): Promise<T> {
    if (label !== undefined) this.#reach(`before ${label}`);
    if (this.isDead) return await never();
    return await this.#heard(label, work);
  }

  /**
   * A call to a provider that changes something. One that the process dies before or over has a fate of its own: it
   * may be on its way already. `deliver` makes it happen; when its signal aborts, it does not happen.
   */
  async carry<T>(label: string, deliver: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.isDead) return await never();
    this.#reach(`before ${label}`);
    const call = new AbortController();
    if (this.isDead) {
      this.#send(() => deliver(call.signal));
      return await never();
    }
    this.#underWay.add(call);
    try {
      return await this.#heard(label, () => deliver(call.signal));
    } finally {
      this.#underWay.delete(call);
    }
  }

  /** Called once when the process dies; gives what forgets it. */
  atDeath(call: () => void): () => void {
    this.#atDeath.add(call);
    return () => this.#atDeath.delete(call);
  }

  async #heard<T>(label: string | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      if (label !== undefined) this.#reach(`after ${label}`);
      // The answer, or the error, finds nobody there.
      if (this.isDead) await never();
    }
  }

  #reach(label: string): void {
    if (this.isDead) return;
    this.#points += 1;
    const point = { at: this.#points, label };
    if (this.#options.diesAt?.(point) !== true) return this.onPoint(point);
    this.#diedAt = point;
    for (const call of this.#underWay) if (this.#nextFate() === "never") call.abort(new Error("it never arrived"));
    for (const call of this.#atDeath) call();
    this.#die(point);
  }

  #send(deliver: () => Promise<unknown>): void {
    const fate = this.#nextFate();
    if (fate === "never") return;
    const arrive = (): void => void deliver().catch(() => {});
    if (fate === "at-once") arrive();
    else this.#options.clock.timer(fate.afterMs, arrive);
  }

  #nextFate(): Fate {
    const { fates = [] } = this.#options;
    return fates[this.#fates++ % fates.length] ?? "at-once";
  }
}
