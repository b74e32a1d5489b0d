import { failure, type Clock } from "@quiesce/core";
import { faultBox, type FaultBox } from "../faults/fault-box.ts";

/** The way into the toy cloud: every call is noted, takes its time and may meet a fault. */
export class ToyCalls {
  readonly faults: FaultBox = faultBox();
  /** Every call in order, `<call> <target>`. */
  readonly made: string[] = [];
  delayMs: Readonly<Record<string, number>> = {};
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async look<T>(name: string, target: string, signal: AbortSignal, answer: () => T): Promise<T> {
    return await this.#call(name, target, false, signal, answer);
  }

  async change<T>(name: string, target: string, signal: AbortSignal, effect: () => T): Promise<T> {
    return await this.#call(name, target, true, signal, effect);
  }

  async #call<T>(name: string, target: string, mutates: boolean, signal: AbortSignal, effect: () => T): Promise<T> {
    this.made.push(`${name} ${target}`);
    const delay = this.delayMs[name] ?? 0;
    if (delay > 0) await this.#clock.sleep(delay, signal);
    const fault = this.faults.strike(name, target, mutates);
    switch (fault?.what) {
      case undefined:
        return effect();
      case "delay":
        await this.#clock.sleep(fault.ms, signal);
        return effect();
      case "fail":
        throw failure("unavailable", `${name} ${target} was refused.`, {
          retry: fault.transient === true ? "later" : "never",
        });
      case "lose-reply":
        effect();
        throw failure("unavailable", `The connection ended during ${name} ${target}.`, { retry: "observe-first" });
      case "hang":
        if (fault.effect) effect();
        return await new Promise<never>(() => {});
    }
  }
}
