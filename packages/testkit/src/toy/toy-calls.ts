import { failure, type Clock } from "@quiesce/core";
import { faultBox, type FaultBox } from "../faults/fault-box.ts";

export interface ToyCall {
  readonly name: string;
  readonly target: string;
  readonly mutates: boolean;
}

/** Brings a call to the cloud and its answer back; the call happens when `deliver` is called. */
export type ToyCarrier = <T>(
  call: ToyCall,
  signal: AbortSignal,
  deliver: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** The way into the toy cloud: every call is noted, takes its time and may meet a fault. */
export class ToyCalls {
  readonly faults: FaultBox = faultBox();
  /** Every call in order, `<call> <target>`. */
  readonly made: string[] = [];
  delayMs: Readonly<Record<string, number>> = {};
  carrier: ToyCarrier = (_, signal, deliver) => deliver(signal);
  /** Called right after the effect of each call that changes something. */
  onEffect: (call: ToyCall) => void = () => {};
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async look<T>(name: string, target: string, signal: AbortSignal, answer: () => T): Promise<T> {
    return await this.#carry({ name, target, mutates: false }, signal, answer);
  }

  async change<T>(name: string, target: string, signal: AbortSignal, effect: () => T): Promise<T> {
    const call = { name, target, mutates: true };
    return await this.#carry(call, signal, () => {
      const answer = effect();
      this.onEffect(call);
      return answer;
    });
  }

  async #carry<T>(call: ToyCall, signal: AbortSignal, effect: () => T): Promise<T> {
    return await this.carrier(call, signal, (arriving) => this.#arrive(call, arriving, effect));
  }

  async #arrive<T>({ name, target, mutates }: ToyCall, signal: AbortSignal, effect: () => T): Promise<T> {
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
      case "end-session":
        throw failure("unavailable", `The session ended before ${name} ${target}.`, { retry: "observe-first" });
      case "lose-reply":
        effect();
        throw failure("unavailable", `The connection ended during ${name} ${target}.`, { retry: "observe-first" });
      case "hang":
        if (fault.effect) effect();
        return await new Promise<never>(() => {});
    }
  }
}
