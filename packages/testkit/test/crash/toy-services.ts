import { failure, type Outcome, type Runner, type StepDriver } from "@quiesce/core";
import type { Life } from "../../src/index.ts";

const nothing: Outcome = { artefacts: [], covered: [], saved: {} };

/** Services in the guests, which freeze and thaw when they are called. */
export class ToyServices {
  readonly frozen = new Set<string>();
  /** Calls that were heard, in order: `<operation> <instance>`. */
  readonly calls: string[] = [];

  /** The runner of one process. */
  runner(life: Life): Runner {
    return {
      kind: "runner",
      name: "toy",
      apiVersion: 1,
      drive: ({ operation, targets: [{ instance }] }) => ({
        ...noDriver,
        observe: async () => {
          const isThere = this.frozen.has(instance) === (operation === "freeze");
          return isThere ? { is: "done", outcome: nothing } : { is: "absent" };
        },
        act: async () => {
          // A script is done when it has returned; it is not known to come true later.
          await life.call(`call ${operation} ${instance}`, async () => this.#call(operation, instance));
          return { next: "observe" };
        },
      }),
    };
  }

  #call(operation: string, instance: string): void {
    this.calls.push(`${operation} ${instance}`);
    if (operation === "freeze") this.frozen.add(instance);
    else this.frozen.delete(instance);
  }
}

const refused = (): Promise<never> => Promise.reject(failure("invalid", "A bound call has no such part."));

const noDriver: Omit<StepDriver, "observe" | "act"> = {
  poll: refused,
  complete: refused,
  prepare: refused,
  discard: refused,
  release: refused,
  cancel: refused,
  compare: refused,
};
