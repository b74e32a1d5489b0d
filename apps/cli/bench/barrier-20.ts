// 20 machines on four simulated hosts, through the real plugin and the real store: freeze, capture and thaw take 0.5 s
// each at the provider. All are frozen together, so the best possible is 1.5 s, with windows of 1 s.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  asId,
  createFleet,
  createGate,
  defaultOptions,
  makePlan,
  startRun,
  surveyDeployment,
  systemClock,
  type Deployment,
  type Instance,
  type Plan,
  type RunSummary,
} from "@quiesce/core";
import { libvirt } from "@quiesce/plugin-libvirt";
import { openStore } from "@quiesce/runtime-sqlite";
import { spawnSimulator, type SimulatorProcess } from "@quiesce/sim-libvirt";

const hosts = 4;
const perHost = 5;
const limits = { totalMs: 2500, windowMs: 1300 };
/** The reference system on the same shape, measured: each operation 0.5 s, one after the other. */
const referenceMs = 30_200;
const half = { freezeMs: 500, captureMs: 500, thawMs: 500 };

const deploymentOf = (simulator: SimulatorProcess): Deployment => ({
  id: asId("barrier"),
  providers: Object.fromEntries(
    simulator.hosts.map(({ name, uri }) => [name, { plugin: "libvirt", site: asId("here"), config: { uri } }]),
  ),
  instances: Object.fromEntries(
    simulator.hosts.flatMap(({ name }) =>
      Array.from({ length: perHost }, (_, index) => {
        const instance: Instance = {
          id: asId(`${name}-vm-${index + 1}`),
          kind: "vm",
          provider: asId(name),
          providerId: `vm-${index + 1}`,
          properties: {},
          relations: [],
          bound: {},
          skip: [],
        };
        return [instance.id, instance];
      }),
    ),
  ),
});

const backUp = async (
  dir: string,
  deployment: Deployment,
): Promise<{ readonly ms: number; readonly summary: RunSummary }> => {
  const store = await openStore(join(dir, "store.db"));
  const signal = new AbortController().signal;
  const fleet = createFleet({
    deployment,
    plugin: async () => libvirt,
    runner: async () => await Promise.reject(new Error("no runner here")),
    resolve: async (_, config) => config,
    signal,
  });
  try {
    const startedAt = performance.now();
    const facts = await surveyDeployment(
      deployment,
      "all",
      { fleet, store, pluginOf: () => libvirt, runners: [] },
      signal,
    );
    const planned = makePlan("backup", deployment, facts, { ...defaultOptions, kind: "snapshot", name: "bench" });
    if (!planned.ok) throw new Error(planned.problems[0].message);
    const summary = await runPlanned(planned.value, { store, fleet, deployment });
    return { ms: performance.now() - startedAt, summary };
  } finally {
    await fleet.close();
    await store.close();
  }
};

const runPlanned = async (
  plan: Plan,
  {
    store,
    fleet,
    deployment,
  }: {
    readonly store: Awaited<ReturnType<typeof openStore>>;
    readonly fleet: ReturnType<typeof createFleet>;
    readonly deployment: Deployment;
  },
): Promise<RunSummary> => {
  const handle = await startRun(
    { run: asId("bench"), plan, deployment, onEvent: () => {} },
    { store, fleet, gate: createGate(() => 8), clock: systemClock, random: Math.random, worker: "bench" },
  );
  return await handle.result;
};

const dir = await mkdtemp(join(tmpdir(), "qb-"));
const simulator = await spawnSimulator(join(dir, "s"), {
  hosts: Array.from({ length: hosts }, (_, index) => ({
    name: `hv${index + 1}`,
    settings: { delays: half },
    domains: [{ name: "vm", count: perHost, disks: [{ bytes: 65_536 }] }],
  })),
});
try {
  const { ms, summary } = await backUp(dir, deploymentOf(simulator));
  if (summary.status !== "succeeded")
    throw new Error(
      `The backup ended as ${summary.status}: ${JSON.stringify(summary.instances.filter(({ status }) => status !== "succeeded"))}`,
    );
  const windows = summary.instances.flatMap(({ operation, freezeWindowMs }) =>
    operation === "thaw" && freezeWindowMs !== undefined ? [freezeWindowMs] : [],
  );
  const longest = Math.max(...windows);
  const holds = windows.length === hosts * perHost && ms <= limits.totalMs && longest <= limits.windowMs;
  const line = {
    name: "barrier-20",
    ours: Math.round(ms),
    peer: referenceMs,
    peerName: "reference, measured once",
    ratio: referenceMs / ms,
    unit: "ms",
    holds,
    note: `limit ${limits.totalMs} ms; longest window ${longest} ms, limit ${limits.windowMs} ms`,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
} finally {
  await simulator.stop();
  await rm(dir, { recursive: true });
}
