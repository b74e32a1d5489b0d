import { setTimeout as sleep } from "node:timers/promises";
import {
  asId,
  isProviderFailure,
  type Attempt,
  type Connection,
  type DeploymentId,
  type InstanceId,
  type JsonObject,
  type OwnershipTag,
  type PlannedTarget,
  type RepositoryFolder,
  type RunId,
  type Sighting,
  type Step,
} from "@quiesce/core";
import type { Hypervisor } from "@quiesce/sim-libvirt";
import { libvirt } from "../../src/index.ts";

/** Waits are this much shorter than in life, and so is what comes late. */
const haste = 0.05;

/** What a dead process left to the next one: the machine, the bytes that it stored, and what it had noted down. */
export interface Legacy {
  readonly host: Hypervisor;
  readonly uri: string;
  readonly machine: string;
  readonly run: RunId;
  readonly repository: RepositoryFolder;
  readonly journal: Map<string, JsonObject>;
}

type Operation = Step["operation"];

/** One process of a run: its own connection, and the steps of one machine as the engine calls them. */
export class Process implements AsyncDisposable {
  readonly legacy: Legacy;
  readonly connection: Connection;
  readonly #attempt: number;

  private constructor(legacy: Legacy, connection: Connection, attempt: number) {
    this.legacy = legacy;
    this.connection = connection;
    this.#attempt = attempt;
  }

  static async start(legacy: Legacy, attempt = 1): Promise<Process> {
    const opened = await libvirt.open(
      { uri: legacy.uri, agentMs: 1000 },
      { lane: "work", signal: new AbortController().signal },
    );
    if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
    return new Process(legacy, opened.value, attempt);
  }

  get tag(): OwnershipTag {
    return tagOf(this.legacy.run);
  }

  note(what: string, saved: JsonObject): void {
    this.legacy.journal.set(what, saved);
  }

  noted(what: string): JsonObject | undefined {
    return this.legacy.journal.get(what);
  }

  /** A step's handler with the input that it would get. */
  step(operation: Operation, input: JsonObject) {
    const driver = this.connection.drive(this.#stepOf(operation, input));
    const info = this.#infoOf(input);
    return { driver, info };
  }

  /** Looks, acts where there is nothing to see, and looks again. `settled`: what is not seen may come. */
  async take(operation: Operation, input: JsonObject): Promise<JsonObject> {
    for (let tries = this.#attempt === 1 ? 1 : 5; ; tries -= 1) {
      try {
        return await this.#once(operation, input);
      } catch (thrown) {
        // As the engine does; the process that dies ends at its first error.
        if (tries <= 1 || !isProviderFailure(thrown) || thrown.problem.advice.retry === "never") throw thrown;
        await this.settle();
      }
    }
  }

  async #once(operation: Operation, input: JsonObject): Promise<JsonObject> {
    const { driver, info } = this.step(operation, input);
    const before = await this.settled(await driver.observe(info), () => driver.observe(info));
    const seen =
      before.is === "absent" ? await this.#act(operation, input) : await this.#toEnd(operation, input, before);
    if (seen.is !== "done") throw new Error(`${operation} ended as ${JSON.stringify(seen)}`);
    return seen.outcome.saved;
  }

  /** After a death what is not there is looked at twice. */
  async settled(first: Sighting, again: () => Promise<Sighting>): Promise<Sighting> {
    if (this.#attempt === 1 || first.is !== "absent") return first;
    await sleep(libvirt.settleMs * haste);
    return await again();
  }

  async settle(): Promise<void> {
    await sleep(libvirt.settleMs * haste);
  }

  /** What the engine does before a run that died is closed: all that carries its tag goes. */
  async sweep(keep: (kind: string) => boolean = () => false): Promise<void> {
    const { signal } = new AbortController();
    for await (const one of this.connection.owned({ store: this.tag.store, run: this.tag.run }, signal))
      if (!keep(one.kind)) await this.connection.discard(one, signal);
  }

  async #act(operation: Operation, input: JsonObject): Promise<Sighting> {
    const { driver, info } = this.step(operation, input);
    const acted = await driver.act(info);
    if (acted.next === "evidence") return { is: "done", outcome: acted.outcome };
    return await this.#toEnd(operation, input, await driver.observe(info));
  }

  async #toEnd(operation: Operation, input: JsonObject, first: Sighting): Promise<Sighting> {
    const { driver, info } = this.step(operation, input);
    if (first.is !== "running") return first;
    while ((await driver.poll(info, first.ticket)).is === "running") await sleep(5);
    return await driver.observe(info);
  }

  #stepOf(operation: Operation, input: JsonObject): Step {
    return {
      key: asId(`step/${operation}`),
      title: operation,
      does: "cell",
      operation,
      provider: asId("hv"),
      account: this.connection.account,
      targets: [targetOf(this.legacy)],
      input,
      reads: {},
      covers: [],
      risk: "safe",
      timeoutMs: 30_000,
      retry: { attempts: 1, baseMs: 1, capMs: 1 },
      onFailure: "unit",
    };
  }

  #infoOf(input: JsonObject): Attempt {
    const { run, repository } = this.legacy;
    return {
      run,
      key: asId("step"),
      attempt: this.#attempt,
      tag: this.tag,
      backup: { name: "set", kind: "backup" },
      frozen: false,
      repository,
      lane: "work",
      signal: AbortSignal.timeout(30_000),
      input,
      sleep: async (ms) => await sleep(ms * haste),
      report: () => {},
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
  }
}

export const tagOf = (run: RunId): OwnershipTag => ({
  store: "the-store",
  deployment: asId<DeploymentId>("shop"),
  run,
});

const targetOf = ({ host, machine }: Legacy): PlannedTarget => ({
  instance: asId<InstanceId>("db"),
  kind: "vm",
  providerId: host.truth.domain(machine).uuid,
  properties: {},
});
