import type { Fault, FaultSwitchboard } from "./fault.ts";

interface Armed {
  readonly fault: Fault;
  skip: number;
  left: number;
}

export interface FaultBox extends FaultSwitchboard {
  /** The fault that strikes this call, if any; counts it. */
  strike(call: string, target: string, mutates: boolean): Fault["does"] | undefined;
}

/** Keeps the faults of a world that lives in this process. */
export const faultBox = (): FaultBox => {
  let armed: Armed[] = [];
  return {
    set: async (...faults) => {
      armed.push(...faults.map((fault) => ({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 })));
    },
    clear: async () => {
      armed = [];
    },
    strike: (call, target, mutates) => {
      for (const one of armed) {
        const { fault } = one;
        const named = fault.call === call || (fault.call === "*" && mutates);
        if (!named || one.left === 0 || (fault.target !== undefined && fault.target !== target)) continue;
        if (one.skip > 0) {
          one.skip -= 1;
          continue;
        }
        one.left -= 1;
        return fault.does;
      }
      return undefined;
    },
  };
};
