import { createConnection } from "node:net";
import type { Hypervisor } from "@quiesce/sim-libvirt";

/** A place where a process dies: right before a call that changes something has any effect, or right after it had it. */
export interface Cut {
  readonly procedure: string;
  /** Which call of this procedure, from 1. */
  readonly nth: number;
  readonly when: "before" | "after";
}

export const cutText = ({ procedure, nth, when }: Cut): string => `${when} ${procedure} ${nth}`;

/**
 * Every place where a process could have died in all that changed something since a call: before the first such call, and
 * after each, which is before the next.
 */
export const cutsSince = ({ truth }: Hypervisor, afterSeq: number): readonly Cut[] => {
  const counts = new Map<string, number>();
  return truth.calls({ mutating: true, afterSeq }).flatMap(({ procedure }) => {
    const nth = (counts.get(procedure) ?? 0) + 1;
    counts.set(procedure, nth);
    const after = { procedure, nth, when: "after" } as const;
    return counts.size === 1 && nth === 1 ? [{ procedure, nth, when: "before" } as const, after] : [after];
  });
};

export const lastCall = ({ truth }: Hypervisor): number => truth.calls().at(-1)?.seq ?? 0;

const downMs = 5;

/** Nothing of the process arrives after the cut: its connections are dropped, and a new one is refused for a while. */
export const arm = ({ faults }: Hypervisor, { procedure, nth, when }: Cut): void => {
  faults.clear();
  faults.add({ on: { procedure: procedure as never, nth }, do: { kind: "restart", when, downMs } });
};

/** The next process comes when the daemon is there again. Throws where the cut was never reached. */
export const disarm = async ({ faults }: Hypervisor, socket: string): Promise<void> => {
  const happened = faults.list().some((armed) => armed.happened > 0);
  faults.clear();
  if (!happened) throw new Error("The call to cut at was never made.");
  for (let tries = 0; tries < 200; tries += 1) {
    await new Promise((go) => setTimeout(go, downMs));
    if (await isListening(socket)) return;
  }
  throw new Error("The daemon did not come back.");
};

const isListening = async (socket: string): Promise<boolean> =>
  await new Promise((resolve) => {
    const client = createConnection(socket);
    client.once("connect", () => resolve(true)).once("error", () => resolve(false));
    client.once("connect", () => client.destroy());
  });
