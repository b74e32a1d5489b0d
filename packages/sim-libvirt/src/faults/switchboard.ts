import type { Random } from "../host/random.ts";
import type { CallRecord } from "../truth/call-log.ts";
import { faultSchema, nbdMoments, type Fault, type FaultAction, type FaultInput, type NbdMoment } from "./fault.ts";

type Subject = Pick<CallRecord, "object" | "detail"> & {
  readonly procedure: CallRecord["procedure"] | NbdMoment;
  /** Absent on an NBD connection, where nothing is changed. */
  readonly mutating?: boolean;
};

interface Armed {
  readonly fault: Fault;
  matched: number;
  happened: number;
}

/** A fault that is switched on, with how often it has happened. */
export interface ArmedFault {
  readonly id: number;
  readonly fault: Fault;
  readonly happened: number;
}

/** The faults that are switched on. */
export class Switchboard {
  readonly #random: Random;
  readonly #armed = new Map<number, Armed>();
  #lastId = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Switches a fault on; returns its id. @throws {ZodError} when it is no fault. */
  add(input: FaultInput): number {
    const fault = faultSchema.parse(input);
    this.#armed.set(++this.#lastId, { fault, matched: 0, happened: 0 });
    return this.#lastId;
  }

  /** False when there is no such fault. */
  remove(id: number): boolean {
    return this.#armed.delete(id);
  }

  clear(): void {
    this.#armed.clear();
  }

  list(): readonly ArmedFault[] {
    return [...this.#armed].map(([id, { fault, happened }]) => ({ id, fault, happened }));
  }

  /** What happens to this call, in the order in which the faults were added. */
  take(call: Subject): readonly FaultAction[] {
    return [...this.#armed.values()]
      .filter(({ fault }) => concerns(fault.on, call))
      .filter((armed) => this.#happens(armed))
      .map(({ fault }) => fault.do);
  }

  #happens(armed: Armed): boolean {
    const { nth, times, probability } = armed.fault.on;
    armed.matched++;
    const due = armed.matched >= nth && (times === "always" || armed.matched < nth + times);
    if (!due || this.#random.fraction() >= probability) return false;
    armed.happened++;
    return true;
  }
}

const isNbd = (procedure: Subject["procedure"]): boolean => (nbdMoments as readonly string[]).includes(procedure);

const concerns = (on: Fault["on"], call: Subject): boolean =>
  (on.procedure === call.procedure || (on.procedure === "*" && !isNbd(call.procedure))) &&
  (on.object === undefined || on.object === call.object?.name) &&
  (on.detail === undefined || on.detail === call.detail) &&
  (on.mutating === undefined || on.mutating === (call.mutating ?? false));
