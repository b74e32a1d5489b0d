import { mkdirSync } from "node:fs";
import { beginForeignBackup } from "./backup/begin-foreign-backup.ts";
import { crash } from "./domain/crash.ts";
import type { Domain } from "./domain/domain.ts";
import { domainByName } from "./domain/find-domain.ts";
import type { Switchboard } from "./faults/switchboard.ts";
import type { Guest } from "./guest/guest.ts";
import { systemClock, type Clock } from "./host/clock.ts";
import type { Host } from "./host/host.ts";
import { createHost } from "./host/create-host.ts";
import { withChanges } from "./host/with-changes.ts";
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
  /** Begins a backup as another client would. It copies `bytes`, or lasts until it is aborted; `end` ends it well. */
  beginBackup(domain: string, bytes?: number): Promise<{ readonly end: () => void }>;
  /** The guest of a domain ends, as when QEMU is killed. */
  crash(domain: string): void;
  /** Sets delays and limits; what is not named stays. */
  configure(changes: HostChanges): void;
  /** Serves the host on a unix socket. It may be served on several, and again after a close: guests go on meanwhile. */
  listen(socketPath: string, options?: ListenOptions): Promise<Listener>;
}

/** Makes an empty simulated host. */
export const createHypervisor = ({ dir, name, clock = systemClock, seed = 1 }: HypervisorOptions): Hypervisor => {
  mkdirSync(dir, { recursive: true });
  const host = createHost({ dir, name, clock, seed });
  return {
    name,
    dir,
    truth: createTruth(host),
    faults: host.faults,
    guest: (domain) => findByName(host, domain).guest,
    addDomain: async (spec) => (await addDomains(host, spec)).map((domain) => domain.name),
    addNetwork: (spec) => void addNetwork(host, spec),
    addPool: (spec) => void addPool(host, spec),
    beginBackup: async (name, bytes) => {
      const domain = findByName(host, name);
      const finish = await beginForeignBackup(host, domain, bytes);
      return { end: () => finish({ success: true }) };
    },
    crash: (name) => crash(host, findByName(host, name)),
    configure: (changes) => {
      const { delays, ...others } = hostChangesSchema.parse(changes);
      host.settings = withChanges(host.settings, { ...others, delays: withChanges(host.settings.delays, delays) });
    },
    listen: (socketPath, options) => listen(host, socketPath, options),
  };
};

const findByName = (host: Host, name: string): Domain => {
  const domain = domainByName(host, name);
  if (domain === undefined) throw new Error(`The simulated host ${host.name} has no domain ${name}.`);
  return domain;
};
