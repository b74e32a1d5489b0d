import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { Domain } from "./domain/domain.ts";
import { domainByName } from "./domain/find-domain.ts";
import { Switchboard } from "./faults/switchboard.ts";
import type { Guest } from "./guest/guest.ts";
import { systemClock, type Clock } from "./host/clock.ts";
import { createHostEvents } from "./host/host-events.ts";
import { defaultHostSettings } from "./host/host-settings.ts";
import type { Host } from "./host/host.ts";
import { withChanges } from "./host/with-changes.ts";
import { createRandom } from "./host/random.ts";
import { listen, type Listener, type ListenOptions } from "./server/listen.ts";
import { addDomains } from "./spec/add-domain.ts";
import { addNetwork } from "./spec/add-network.ts";
import { addPool } from "./spec/add-pool.ts";
import {
  hostChangesSchema,
  type DomainSpecInput,
  type HostChanges,
  type NetworkSpecInput,
  type PoolSpecInput,
} from "./spec/spec.ts";
import { CallLog } from "./truth/call-log.ts";
import { createTruth, type Truth } from "./truth/truth.ts";

export interface HypervisorOptions {
  /** Folder for the host's files; made when missing. */
  readonly dir: string;
  /** The host's name. */
  readonly name: string;
  readonly clock?: Clock | undefined;
  /** What is random is the same again for the same name and seed. Default 1. */
  readonly seed?: number | undefined;
}

/** A simulated host with its libvirt daemon. */
export interface Hypervisor {
  readonly name: string;
  readonly dir: string;
  /** What really is, read past the protocol. */
  readonly truth: Truth;
  readonly faults: Switchboard;
  /** Acts as the machine inside a domain. @throws {Error} when there is no such domain */
  guest(domain: string): Guest;
  /** Returns the names of the domains that it added. */
  addDomain(spec: DomainSpecInput): Promise<readonly string[]>;
  addNetwork(spec: NetworkSpecInput): void;
  addPool(spec: PoolSpecInput): void;
  /** Sets delays and limits; what is not named stays. */
  configure(changes: HostChanges): void;
  /** Serves the host on a unix socket. It may be served on several, and again after a close: guests go on meanwhile. */
  listen(socketPath: string, options?: ListenOptions): Promise<Listener>;
}

/** Makes an empty simulated host. */
export const createHypervisor = ({ dir, name, clock = systemClock, seed = 1 }: HypervisorOptions): Hypervisor => {
  mkdirSync(dir, { recursive: true });
  const random = createRandom(seedOf(name, seed));
  const host: Host = {
    name,
    dir,
    clock,
    random,
    domains: new Map(),
    networks: new Map(),
    pools: new Map(),
    events: createHostEvents(),
    faults: new Switchboard(random),
    calls: new CallLog(),
    settings: defaultHostSettings,
    lastDomainId: 0,
  };
  return {
    name,
    dir,
    truth: createTruth(host),
    faults: host.faults,
    guest: (domain) => findByName(host, domain).guest,
    addDomain: async (spec) => (await addDomains(host, spec)).map((domain) => domain.name),
    addNetwork: (spec) => void addNetwork(host, spec),
    addPool: (spec) => void addPool(host, spec),
    configure: (changes) => {
      const { delays, lockWaitMs, maxClientRequests } = hostChangesSchema.parse(changes);
      const merged = withChanges(host.settings.delays, delays);
      host.settings = withChanges(host.settings, { delays: merged, lockWaitMs, maxClientRequests });
    },
    listen: (socketPath, options) => listen(host, socketPath, options),
  };
};

const seedOf = (name: string, seed: number): number =>
  createHash("sha256").update(`${seed} ${name}`).digest().readUInt32BE(0);

const findByName = (host: Host, name: string): Domain => {
  const domain = domainByName(host, name);
  if (domain === undefined) throw new Error(`The simulated host ${host.name} has no domain ${name}.`);
  return domain;
};
