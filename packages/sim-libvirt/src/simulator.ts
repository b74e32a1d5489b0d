import { isAbsolute, join } from "node:path";
import { createHypervisor, type Hypervisor } from "./hypervisor.ts";
import type { Clock } from "./host/clock.ts";
import type { Listener } from "./server/listen.ts";
import { specSchema, type HostSpec, type SpecInput } from "./spec/spec.ts";

export interface SimulatorOptions {
  readonly spec: SpecInput;
  /** Folder for all files and, by default, the sockets. Its path must be short: a socket's path has at most 107 bytes. */
  readonly dir: string;
  /** Socket of the only host, instead of the one in the spec. */
  readonly socket?: string | undefined;
  readonly clock?: Clock | undefined;
  /** What a fault of kind `die` does. By default it closes all sockets. */
  readonly onDie?: (() => void) | undefined;
}

export interface SimulatedHost {
  readonly name: string;
  readonly socket: string;
  /** What a client connects to. */
  readonly uri: string;
  readonly hypervisor: Hypervisor;
  /** The daemon ends now and listens again after `downMs`; guests go on. */
  restart(downMs: number): void;
}

/** Several simulated hosts, each with its own daemon. */
export interface Simulator extends AsyncDisposable {
  readonly hosts: readonly SimulatedHost[];
  /** @throws {Error} when there is no such host */
  host(name: string): SimulatedHost;
  close(): Promise<void>;
}

/** Starts all hosts of a spec. @throws {ZodError} for a spec that is none. */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const spec = specSchema.parse(options.spec);
  if (options.socket !== undefined && spec.hosts.length > 1) {
    throw new Error(`One socket is given for ${spec.hosts.length} hosts; name a socket for each host in the spec.`);
  }
  const listeners: Listener[] = [];
  const hosts: SimulatedHost[] = [];
  const close = async () => {
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  const onDie = () => void close().then(() => options.onDie?.());
  for (const hostSpec of spec.hosts) {
    const hypervisor = await createHost(hostSpec, spec.seed, options);
    const socket = options.socket ?? resolveIn(options.dir, hostSpec.socket ?? `${hostSpec.name}.sock`);
    const listener = await hypervisor.listen(socket, { onDie });
    const uri = `qemu+unix:///system?socket=${socket}`;
    listeners.push(listener);
    hosts.push({ name: hostSpec.name, socket, uri, hypervisor, restart: (downMs) => listener.restart(downMs) });
  }
  const host = (name: string) => {
    const found = hosts.find((candidate) => candidate.name === name);
    if (found === undefined)
      throw new Error(`The simulator has no host ${name}; it has ${hosts.map((h) => h.name).join(", ")}.`);
    return found;
  };
  return { hosts, host, close, [Symbol.asyncDispose]: close };
};

const resolveIn = (dir: string, path: string): string => (isAbsolute(path) ? path : join(dir, path));

const createHost = async (spec: HostSpec, seed: number, { dir, clock }: SimulatorOptions): Promise<Hypervisor> => {
  const hypervisor = createHypervisor({ dir: join(dir, spec.name), name: spec.name, seed, clock });
  for (const domain of spec.domains) await hypervisor.addDomain(domain);
  for (const network of spec.networks) hypervisor.addNetwork(network);
  // Last, so that pools know the disks that were made for the domains.
  for (const pool of spec.pools) hypervisor.addPool(pool);
  hypervisor.configure(spec.settings);
  for (const fault of spec.faults) hypervisor.faults.add(fault);
  return hypervisor;
};
