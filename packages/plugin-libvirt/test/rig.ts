import {
  asId,
  createFleet,
  createGate,
  defaultOptions,
  makePlan,
  memoryStore,
  planCommit,
  planUndo,
  startRun,
  surveyDeployment,
  systemClock,
  type Artefact,
  type Deployment,
  type DeploymentId,
  type Facts,
  type Finding,
  type Fleet,
  type Instance,
  type InstanceId,
  type Item,
  type Kind,
  type Plan,
  type PlanOptions,
  type ProviderName,
  type Repository,
  type Result,
  type RunId,
  type RunSummary,
  type Site,
  type Store,
  type Workflow,
} from "@quiesce/core";
import type { LibvirtLab } from "../../../labs/libvirt/lab.ts";
import { libvirt } from "../src/index.ts";

export interface Member {
  readonly kind: Kind;
  readonly id: string;
  readonly properties?: Instance["properties"];
}

const provider = asId<ProviderName>("lab");

/** The product from a deployment to a result, on the lab's daemon, with everything in memory that is not the provider. */
export class Rig implements AsyncDisposable {
  readonly deployment: Deployment;
  readonly store: Store;
  readonly fleet: Fleet;
  readonly repository: Repository | undefined;

  constructor(
    lab: Pick<LibvirtLab, "uri">,
    members: Readonly<Record<string, Member>>,
    store: Store = memoryStore(),
    repository?: Repository,
    deployment = `rig-${crypto.randomUUID().slice(0, 8)}`,
  ) {
    this.store = store;
    this.repository = repository;
    this.deployment = {
      id: asId<DeploymentId>(deployment),
      providers: {
        [provider]: { plugin: "libvirt", site: asId<Site>("here"), config: { uri: lab.uri, agentMs: 3000 } },
      },
      instances: Object.fromEntries(Object.entries(members).map(([id, member]) => [id, instanceOf(id, member)])),
    };
    this.fleet = createFleet({
      deployment: this.deployment,
      plugin: async () => libvirt,
      runner: async (name) => {
        throw new Error(`There is no runner ${name} here.`);
      },
      resolve: async (_, config) => config,
      signal: new AbortController().signal,
    });
  }

  async facts(): Promise<Facts> {
    const ports = { fleet: this.fleet, store: this.store, pluginOf: () => libvirt, runners: [] };
    const facts = await surveyDeployment(this.deployment, "all", ports, AbortSignal.timeout(60_000));
    if (this.repository === undefined) return facts;
    const { id, location } = this.repository;
    const sets = await this.store.catalogue.list({ deployment: this.deployment.id });
    return { ...facts, sets, repository: { id, location } };
  }

  async plan(workflow: Workflow, options: Partial<PlanOptions> = {}): Promise<Result<Plan>> {
    const wanted: PlanOptions = { ...defaultOptions, kind: "snapshot", name: "set", ...options };
    const [from] = await this.store.catalogue.find(this.deployment.id, wanted.name);
    const needs = workflow === "restore" || workflow === "remove_backup";
    return makePlan(workflow, this.deployment, await this.facts(), {
      ...wanted,
      ...(needs && from !== undefined ? { from } : {}),
    });
  }

  async run(workflow: Workflow, options: Partial<PlanOptions> = {}): Promise<RunSummary> {
    const planned = await this.plan(workflow, options);
    if (planned.ok) return await this.start(planned.value);
    throw new Error(planned.problems.map(({ message, hint }) => `${message} ${hint ?? ""}`).join("\n"));
  }

  /** Takes back the newest restore that has a way back, or keeps what it restored. */
  async revoke(does: "undo" | "commit"): Promise<RunSummary> {
    const records = await this.store.recoveries({});
    const make = does === "undo" ? planUndo : planCommit;
    const planned = make({ records }, this.deployment, await this.facts(), defaultOptions);
    if (planned.ok) return await this.start(planned.value);
    throw new Error(planned.problems.map(({ message, hint }) => `${message} ${hint ?? ""}`).join("\n"));
  }

  /** Runs a plan; with the id of an earlier run and a store that forgot it, it is what a run does whose journal was lost. */
  async start(plan: Plan, run = asId<RunId>(crypto.randomUUID()), store: Store = this.store): Promise<RunSummary> {
    const handle = await startRun(
      { run, plan, deployment: this.deployment, onEvent: () => {} },
      {
        store,
        fleet: this.fleet,
        gate: createGate(() => 8),
        clock: systemClock,
        random: Math.random,
        worker: "rig",
        ...(this.repository === undefined ? {} : { repository: this.repository }),
      },
    );
    return await handle.result;
  }

  async owned(): Promise<readonly Artefact[]> {
    const connection = await this.fleet.connection(provider, "work");
    return await Array.fromAsync(connection.owned({ store: this.store.id }, new AbortController().signal));
  }

  async doctor(): Promise<readonly Finding[]> {
    return await (await this.fleet.connection(provider, "work")).doctor(new AbortController().signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet.close();
  }
}

const instanceOf = (id: string, { kind, id: providerId, properties = {} }: Member): Instance => ({
  id: asId<InstanceId>(id),
  kind,
  provider,
  providerId,
  properties,
  relations: [],
  bound: {},
  skip: [],
});

/** The one row of an instance and operation. */
export const row = ({ instances }: RunSummary, instance: string, operation: string): Item => {
  const rows = instances.filter((item) => item.instance === instance && item.operation === operation);
  const [one] = rows;
  if (one !== undefined && rows.length === 1) return one;
  throw new Error(`${rows.length} rows for ${instance} ${operation} in ${JSON.stringify(instances)}`);
};

export const statuses = ({ instances }: RunSummary): readonly string[] =>
  instances.map(
    ({ instance, operation, status, reason }) => `${instance} ${operation} ${status}${reason ? `: ${reason}` : ""}`,
  );
