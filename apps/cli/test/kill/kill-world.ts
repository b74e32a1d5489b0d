// The linter reads tests without the compiler options of this repository, and would not know `await using`.
/// <reference lib="esnext.disposable" />
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@quiesce/runtime-sqlite";
import type { Store } from "@quiesce/core";
import { createHypervisor, type Hypervisor, type Listener } from "@quiesce/sim-libvirt";
import { startDesk, type Ended, type Running } from "../fixture/world.ts";
import { fastStart, runStopped, type Stop, type Stopped } from "./run-stopped.ts";
import { readCheckpoints, writeCheckpoints, type KeptCheckpoints } from "./kept-checkpoints.ts";

/**
 * Small machines on a simulated host, two deployments of them, `shop.yaml` and `other.yaml`, and the shipped command line.
 */
export interface KillWorld extends AsyncDisposable {
  /** Names of the machines in the deployment; each one's domain is `NAME01`. */
  readonly machines: readonly string[];
  /** All of it lies here. */
  readonly dir: string;
  readonly repository: string;
  readonly hypervisor: Hypervisor;
  /** Of the host's daemon. */
  readonly uri: string;
  /** Runs a command line; `shop.yaml` is the deployment. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  /** The same, dying where it is told to. */
  stopped(stop: Stop, args: readonly string[]): Promise<Stopped>;
  start(args: readonly string[]): Running;
  readStore<T>(read: (store: Store) => Promise<T>): Promise<T>;
  /** `reset` comes back to this moment from now on. Its machines must run, and have no snapshots. */
  keep(): Promise<void>;
  reset(): Promise<void>;
}

/** Of each machine's only disk. */
export const diskBytes = 65_536;

export const domainOf = (machine: string): string => `${machine}01`;

export const startKillWorld = async (machines: Readonly<Record<string, readonly string[]>>): Promise<KillWorld> => {
  // A command that is killed by its patience would pass for one that died where it was told to.
  const desk = await startDesk({ patienceMs: 240_000 });
  const names = Object.keys(machines);
  const simulated = join(desk.dir, "sim");
  const socket = join(desk.dir, "hv.sock");
  const kept = join(desk.dir, "kept");
  let host: { readonly hypervisor: Hypervisor; readonly listener: Listener } | undefined;
  let checkpoints: KeptCheckpoints = new Map();

  // The same names and the same seed give the same machines, UUIDs and MAC addresses too.
  const startHost = async (): Promise<void> => {
    const hypervisor = createHypervisor({ dir: simulated, name: "hv1" });
    for (const name of names)
      await hypervisor.addDomain({
        name: domainOf(name),
        disks: [{ bytes: diskBytes, content: `the data of ${name}` }],
        checkpoints: (checkpoints.get(domainOf(name)) ?? []).map((checkpoint) => checkpoint.name),
      });
    hypervisor.addPool({ name: "default" });
    host = { hypervisor, listener: await hypervisor.listen(socket) };
    await writeCheckpoints(uri, checkpoints);
  };
  const stopHost = async (): Promise<void> => {
    await host?.listener.close();
    host = undefined;
  };
  const uri = `qemu+unix:///system?socket=${socket}`;
  const hypervisor = (): Hypervisor => {
    if (host === undefined) throw new Error("The simulated host was stopped.");
    return host.hypervisor;
  };
  const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    await desk.run(args, { ...fastStart, ...env });

  for (const name of ["shop", "other"]) await desk.write(`${name}.yaml`, yamlOf(name, uri, machines));
  await startHost();
  return {
    machines: names,
    uri,
    dir: desk.dir,
    repository: join(desk.stateDir, "repository"),
    get hypervisor() {
      return hypervisor();
    },
    run,
    start: desk.start,
    stopped: (stop, args) => runStopped(desk, stop, args),
    readStore: async (read) => {
      const store = await openStore(join(desk.stateDir, "quiesce.db"));
      try {
        return await read(store);
      } finally {
        await store.close();
      }
    },
    keep: async () => {
      await rm(kept, { recursive: true, force: true });
      await cp(simulated, join(kept, "sim"), { recursive: true });
      await cp(desk.stateDir, join(kept, "state"), { recursive: true, force: true }).catch(ignoreMissing);
      checkpoints = await readCheckpoints(uri);
    },
    reset: async () => {
      await stopHost();
      for (const folder of [simulated, desk.stateDir]) await rm(folder, { recursive: true, force: true });
      await cp(join(kept, "sim"), simulated, { recursive: true });
      await cp(join(kept, "state"), desk.stateDir, { recursive: true }).catch(ignoreMissing);
      await startHost();
    },
    [Symbol.asyncDispose]: async () => {
      await stopHost();
      await desk[Symbol.asyncDispose]();
    },
  };
};

/** Nothing was stored yet. */
const ignoreMissing = (thrown: NodeJS.ErrnoException): void => {
  if (thrown.code !== "ENOENT") throw thrown;
};

const yamlOf = (
  deployment: string,
  uri: string,
  machines: Readonly<Record<string, readonly string[]>>,
): string => `quiesce: 1
name: ${deployment}
providers:
  hv1: { plugin: libvirt, uri: "${uri}" }
instances:
${Object.entries(machines)
  .map(([name, needs]) => {
    const dependsOn = needs.length === 0 ? "" : `, depends_on: [${needs.join(", ")}]`;
    return `  ${name}: { provider: hv1, kind: vm, id: ${domainOf(name)}${dependsOn} }`;
  })
  .join("\n")}
`;
