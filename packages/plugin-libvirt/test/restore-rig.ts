import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  asId,
  memoryStore,
  stepsOf,
  type Attempt,
  type Json,
  type JsonObject,
  type Outcome,
  type RunId,
} from "@quiesce/core";
import { type Manifest, type Plan, type PlanOptions, type Step, type Workflow } from "@quiesce/core";
import { startSimulator, type Hypervisor, type Simulator } from "@quiesce/sim-libvirt";
import { memoryRepository } from "@quiesce/testkit";
import { Rig } from "./rig.ts";

/** What of the host must be the same again after a restore that was taken back. */
export interface HostState {
  readonly disks: readonly (string | undefined)[];
  readonly hashes: Readonly<Record<string, string>>;
  readonly state: string;
  readonly autostart: boolean;
  /** Without what is not the machine's own: notes of tools. */
  readonly definition: string;
  readonly volumes: readonly string[];
}

/** A simulated host with one machine, a backup of it, and restores that are driven call by call, each by a process of its own. */
export class RestoreRig implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly host: Hypervisor;
  readonly store = memoryStore();
  readonly repository = memoryRepository();
  readonly uuid: string;
  readonly #dir: string;
  readonly #rig: Rig;

  static async make(
    spec: { readonly running: boolean; readonly disks?: number } = { running: true },
  ): Promise<RestoreRig> {
    const dir = await mkdtemp(join(tmpdir(), "qr-"));
    const simulator = await startSimulator({ dir, spec: { hosts: [{ name: "h", pools: [{ name: "default" }] }] } });
    const { hypervisor } = simulator.host("h");
    const disks = Array.from({ length: spec.disks ?? 1 }, (_, at) => ({ bytes: 65_536, content: `disk ${at}` }));
    await hypervisor.addDomain({ name: "db", disks, state: spec.running ? "running" : "shutoff" });
    return new RestoreRig(dir, simulator);
  }

  private constructor(dir: string, simulator: Simulator) {
    this.#dir = dir;
    this.simulator = simulator;
    this.host = simulator.host("h").hypervisor;
    this.uuid = this.host.truth.domain("db").uuid;
    this.#rig = this.process();
  }

  /** A process of its own: it has a connection and no memory. */
  process(): Rig {
    const members = { db: { kind: "vm", id: this.uuid } } as const;
    return new Rig(this.simulator.host("h"), members, this.store, this.repository, "restore-rig");
  }

  async backup(name = "set"): Promise<Manifest> {
    const summary = await this.#rig.run("backup", { kind: "backup", name });
    if (summary.status !== "succeeded") throw new Error(JSON.stringify(summary));
    const [found] = await this.store.catalogue.find(this.#rig.deployment.id, name);
    if (found === undefined) throw new Error(`There is no backup ${name}.`);
    return found;
  }

  async plan(workflow: Workflow, options: Partial<PlanOptions>): Promise<Plan> {
    const planned = await this.#rig.plan(workflow, options);
    if (planned.ok) return planned.value;
    throw new Error(JSON.stringify(planned.problems));
  }

  /** The one step of a plan that restores. */
  async restoreStep(from: Manifest, options: Partial<PlanOptions> = {}): Promise<Step> {
    const plan = await this.plan("restore", { kind: "backup", from, ...options });
    const [step, ...others] = stepsOf(plan);
    if (step === undefined || others.length > 0) throw new Error(`${1 + others.length} steps.`);
    return step;
  }

  /** Of a machine that is gone, its volumes are all that there is. */
  async state(): Promise<Partial<HostState> & Pick<HostState, "volumes">> {
    if (!this.host.truth.domains().some(({ name }) => name === "db")) return { volumes: this.volumes() };
    const { disks, state, autostart, xml } = this.host.truth.domain("db");
    return {
      disks: disks.map(({ path }) => path),
      hashes: await this.host.truth.hashes("db"),
      state,
      autostart,
      definition: xml.replace(/<metadata>[^]*<\/metadata>/, "").replaceAll(/\s+</g, "<"),
      volumes: this.volumes(),
    };
  }

  volumes(): readonly string[] {
    return this.host.truth
      .volumes()
      .map(({ name }) => name)
      .toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rig[Symbol.asyncDispose]();
    await this.simulator.close();
    await rm(this.#dir, { recursive: true });
  }
}

/** What the engine would do with a step in one process: look, act, look again. A few times, as after a passing failure. */
export const driveOnce = async (rig: Rig, step: Step, run: RunId, tries = 4): Promise<Outcome> => {
  const connection = await rig.fleet.connection(step.provider ?? asId("lab"), "work");
  const driver = connection.drive(step);
  let last: unknown;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      const before = await driver.observe(attemptOf(rig, step, run, attempt));
      if (before.is === "done") return before.outcome;
      await driver.act(attemptOf(rig, step, run, attempt));
      const after = await driver.observe(attemptOf(rig, step, run, attempt));
      if (after.is === "done") return after.outcome;
      last = new Error(`It is ${after.is} after the act.`);
    } catch (thrown) {
      last = thrown;
    }
  }
  throw last;
};

const attemptOf = (rig: Rig, step: Step, run: RunId, attempt: number): Attempt => {
  const tag = { store: rig.store.id, deployment: rig.deployment.id, run };
  const backup = { name: "set", kind: "backup" } as const;
  if (rig.repository === undefined) throw new Error("It needs a repository.");
  return {
    run,
    key: step.key,
    attempt,
    tag,
    backup,
    frozen: false,
    repository: rig.repository.folder({ tag, backup, instance: step.targets[0].instance }),
    lane: "work",
    signal: AbortSignal.timeout(20_000),
    input: step.input,
    sleep: (ms) => new Promise((go) => setTimeout(go, Math.min(ms, 20))),
    report: () => {},
  };
};

/** The same restore, taken back or committed: by the run itself, or later with what it kept. */
export const revoking = (
  step: Step,
  does: "undo" | "commit",
  of: RunId,
  kept?: Readonly<Record<string, Json>>,
): Step => {
  const input: JsonObject = {
    ...step.input,
    restored: { run: of, backup: "set" },
    ...(kept === undefined ? {} : { kept }),
  };
  return { ...step, key: asId(`${does}/${step.key}`), does, of, input };
};

export const newRun = (): RunId => asId<RunId>(crypto.randomUUID());
