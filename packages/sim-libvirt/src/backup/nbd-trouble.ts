import { byteFaultsOf } from "../faults/byte-faults.ts";
import type { FaultAction } from "../faults/fault.ts";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import type { NbdMishap, NbdTrouble } from "../nbd/nbd-server.ts";

/** The faults that are switched on, as they concern the NBD connections of a domain's backup. */
export const nbdTrouble = (host: Host, domain: string): NbdTrouble => ({
  at: async (moment, exportName) => {
    const actions = host.faults.take({
      procedure: moment,
      object: { kind: "domain", name: domain },
      detail: exportName,
    });
    for (const action of actions) if (action.kind === "delay") await sleep(host.clock, action.ms);
    return { ...byteFaultsOf(actions), ends: endOf(actions), error: errorOf(actions) };
  },
  sleep: (ms) => sleep(host.clock, ms),
});

const endOf = (actions: readonly FaultAction[]): NbdMishap["ends"] => {
  if (actions.some(({ kind }) => kind === "drop-connection")) return "drop";
  return actions.some(({ kind }) => kind === "no-reply") ? "hang" : undefined;
};

const errorOf = (actions: readonly FaultAction[]): number | undefined =>
  actions.flatMap((action) => (action.kind === "fail" ? [action.error.code] : []))[0];
