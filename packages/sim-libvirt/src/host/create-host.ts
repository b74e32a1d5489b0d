import { createHash } from "node:crypto";
import { Switchboard } from "../faults/switchboard.ts";
import { CallLog } from "../truth/call-log.ts";
import type { Clock } from "./clock.ts";
import { createHostEvents } from "./host-events.ts";
import { defaultHostSettings } from "./host-settings.ts";
import type { Host } from "./host.ts";
import { createRandom } from "./random.ts";

export interface HostOptions {
  readonly name: string;
  readonly dir: string;
  readonly clock: Clock;
  readonly seed: number;
}

export const createHost = ({ name, dir, clock, seed }: HostOptions): Host => {
  const random = createRandom(createHash("sha256").update(`${seed} ${name}`).digest().readUInt32BE(0));
  return {
    name,
    dir,
    clock,
    random,
    driver: { type: "QEMU", uri: "qemu:///system" },
    domains: new Map(),
    networks: new Map(),
    pools: new Map(),
    events: createHostEvents(),
    faults: new Switchboard(random),
    calls: new CallLog(),
    settings: defaultHostSettings,
    lastDomainId: 0,
  };
};
