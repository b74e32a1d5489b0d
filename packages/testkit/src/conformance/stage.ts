import {
  asId,
  createFleet,
  createGate,
  defaultOptions,
  makePlan,
  memoryStore,
  startRun,
  surveyDeployment,
  systemClock,
  type Connection,
  type Deployment,
  type Event,
  type Facts,
  type Fleet,
  type Gate,
  type Manifest,
  type Plan,
  type PlanOptions,
  type Result,
  type RunHandle,
  type RunId,
  type RunSummary,
  type Store,
  type Workflow,
} from "@quiesce/core";
import { memoryRepository } from "../repository/memory-repository.ts";
import type { Scene, World } from "../world/world.ts";
import { providerName, sceneDeployment } from "./scene-deployment.ts";

export interface Ran {
  readonly run: RunId;
  readonly plan: Plan;
  readonly summary: RunSummary;
  readonly events: readonly Event[];
}

export interface StageOptions extends Partial<PlanOptions> {
  /** Called while every freeze of the run is in force, before the first capture. */
  readonly insideWindow?: () => Promise<void>;
  /** Called with the run before its first step ends. */
  readonly onStart?: (handle: RunHandle) => void;
}

/** One scene of a world with a store of its own, and the product's own way from a workflow to its result. */
export class Stage {
  readonly scene: Scene;
  readonly deployment: Deployment;
  readonly store: Store;
  readonly repository = memoryRepository();
  readonly #world: World;
  readonly #fleet: Fleet;
  readonly #said: unknown[] = [];
  readonly #stores = new Set<Store>();
  #serial = 0;

  constructor(world: World, scene: Scene, store: Store = memoryStore()) {
    this.#world = world;
    this.scene = scene;
    this.store = store;
    this.deployment = sceneDeployment(world, scene);
    this.#fleet = createFleet({
      deployment: this.deployment,
      plugin: async () => world.plugin,
      runner: async (name) => {
        throw new Error(`The conformance suite has no runner ${name}.`);
      },
      resolve: async (_, config) => config,
      signal: new AbortController().signal,
    });
  }

  async facts(store: Store = this.store): Promise<Facts> {
    const ports = { fleet: this.#fleet, store, pluginOf: () => this.#world.plugin, runners: [] };
    const signal = AbortSignal.timeout(60_000);
    const { id, location } = this.repository;
    return {
      ...(await surveyDeployment(this.deployment, "all", ports, signal)),
      sets: await store.catalogue.list({ deployment: this.deployment.id }),
      repository: { id, location },
    };
  }

  async plan(workflow: Workflow, options: StageOptions = {}, store: Store = this.store): Promise<Result<Plan>> {
    const { insideWindow: _, onStart: __, ...asked } = options;
    const wanted: PlanOptions = { ...defaultOptions, kind: "snapshot", name: "proof", ...asked };
    const reads = workflow === "restore" || workflow === "remove_backup";
    const from = asked.from ?? (reads ? await this.backup(wanted) : undefined);
    const planned = makePlan(workflow, this.deployment, await this.facts(store), {
      ...wanted,
      ...(from === undefined ? {} : { from }),
    });
    this.#said.push(planned);
    return planned;
  }

  async backup({ name = "proof", kind = "snapshot" }: Partial<PlanOptions> = {}): Promise<Manifest | undefined> {
    return (await this.store.catalogue.find(this.deployment.id, name)).find((found) => found.kind === kind);
  }

  /** Plans and runs; throws the problems when there is no plan. */
  async run(workflow: Workflow, options: StageOptions = {}, store: Store = this.store): Promise<Ran> {
    const planned = await this.plan(workflow, options, store);
    if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join("\n"));
    return await this.start(planned.value, this.runId(workflow), options, store);
  }

  runId(workflow: Workflow): RunId {
    this.#serial += 1;
    return asId<RunId>(`${workflow}-${this.#serial}-${crypto.randomUUID()}`);
  }

  /** The way that the product goes to the provider, for what no workflow asks. */
  async connection(): Promise<Connection> {
    return await this.#fleet.connection(providerName, "work");
  }

  /** What carries our tag at the provider and belongs to no set of any catalogue. */
  async leftovers(): Promise<readonly string[]> {
    const { id: deployment } = this.deployment;
    const sets = await Promise.all([...this.#stores].map(({ catalogue }) => catalogue.list({ deployment })));
    const named = new Set(
      sets.flat().flatMap(({ items }) => items.flatMap((item) => item.artefacts.map(({ id }) => id))),
    );
    const { owned } = await this.connection();
    const left: string[] = [];
    const by = { store: this.store.id, deployment };
    // The way back from a restore is kept until somebody gives it up.
    for await (const { kind, id, use } of owned(by, AbortSignal.timeout(60_000)))
      if (use !== "recovery" && !named.has(id)) left.push(`${kind} ${id}`);
    return left;
  }

  /** Runs a plan under a given id: with another store of the same id it is what a run does whose journal was lost. */
  async start(plan: Plan, run: RunId, options: StageOptions = {}, store: Store = this.store): Promise<Ran> {
    const events: Event[] = [];
    this.#stores.add(store);
    const handle = await startRun(
      { run, plan, deployment: this.deployment, onEvent: (event) => events.push(event) },
      {
        store,
        fleet: this.#fleet,
        gate: probing(
          createGate(() => 8),
          options.insideWindow,
        ),
        clock: systemClock,
        repository: this.repository,
        random: Math.random,
        worker: "conformance",
      },
    );
    options.onStart?.(handle);
    const summary = await handle.result;
    this.#said.push(events, summary);
    return { run, plan, summary, events };
  }

  /** A store with the same identity and no memory. */
  forgetful(): Store {
    return memoryStore({ id: this.store.id });
  }

  /** Everything that the product said so far, to be searched for secrets. */
  said(): string {
    return JSON.stringify(this.#said);
  }

  async close(): Promise<void> {
    await this.#fleet.close();
    await this.scene.clean();
  }
}

/** Runs a probe before the first step that enters an open window. */
const probing = (gate: Gate, probe: (() => Promise<void>) | undefined): Gate => {
  let probed: Promise<void> | undefined;
  return {
    enter: async (account, rank, signal) => {
      if (rank === "open") await (probed ??= probe?.() ?? Promise.resolve());
      return await gate.enter(account, rank, signal);
    },
  };
};
