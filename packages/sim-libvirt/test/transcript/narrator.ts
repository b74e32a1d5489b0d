import { NbdError } from "@quiesce/node-libvirt/nbd";
import { setTimeout as sleep } from "node:timers/promises";
import { LibvirtError, type DomainRef, type EventStream, type Libvirt } from "@quiesce/node-libvirt";

/** One call, what the daemon answered, and what became of the domain. */
export interface Line {
  readonly step: string;
  readonly answer: unknown;
  /** State and reason of the domain after the call. */
  readonly state: string;
  /** What the daemon told of the domain since the last call. */
  readonly events: readonly string[];
}

export interface NarratorOptions {
  readonly libvirt: Libvirt;
  /** Name of the domain, and beginning of all other names. */
  readonly name: string;
  /** Folder that every path lies in. */
  readonly folder: string;
  /** Milliseconds after a call in which its events still come. */
  readonly settleMs: number;
}

/** Makes calls one after the other and writes down how they end, free of what differs from run to run. */
export class Narrator {
  readonly libvirt: Libvirt;
  readonly name: string;
  readonly folder: string;
  readonly lines: Line[] = [];
  readonly #settleMs: number;
  readonly #events: string[] = [];
  readonly #jobEvents: string[] = [];
  #streams: readonly EventStream<unknown>[] = [];
  #domain: DomainRef | undefined;

  constructor({ libvirt, name, folder, settleMs }: NarratorOptions) {
    this.libvirt = libvirt;
    this.name = name;
    this.folder = folder;
    this.#settleMs = settleMs;
  }

  /** Writes down what the daemon tells by itself; of jobs only where they are what the story is about. */
  async listen({ jobs = false } = {}): Promise<void> {
    const { lifecycle, jobCompleted, blockJob } = this.libvirt.events;
    const changes = await lifecycle();
    void this.#collect(changes, ({ event, detail }) => this.#events.push(`${event}, ${detail}`));
    this.#streams = [changes];
    if (!jobs) return;
    const [completed, onDisks] = [await jobCompleted(), await blockJob()];
    void this.#collect(completed, ({ operation, success }) =>
      this.#jobEvents.push(`${operation} ended, success: ${success}`),
    );
    void this.#collect(onDisks, ({ disk, type, status }) => this.#jobEvents.push(`${type} of ${disk}: ${status}`));
    this.#streams = [changes, completed, onDisks];
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) await stream.close();
  }

  /** The domain that the story is about, as it is now. */
  get domain(): DomainRef {
    if (this.#domain === undefined) throw new Error("the story has no domain yet");
    return this.#domain;
  }

  set domain(domain: DomainRef) {
    this.#domain = domain;
  }

  async step(step: string, call: () => Promise<unknown>): Promise<void> {
    await this.#tell(step, call, this.#settleMs);
  }

  /** A call that changes nothing: no event comes of it. */
  async look(step: string, call: () => Promise<unknown>): Promise<void> {
    await this.#tell(step, call, 0);
  }

  async #tell(step: string, call: () => Promise<unknown>, settleMs: number): Promise<void> {
    const answer = await call().then(
      (result) => this.#plain(result),
      (error: unknown) => this.#plain(describeError(error)),
    );
    await sleep(settleMs);
    this.lines.push({ step, answer, state: await this.#state(), events: this.#takeEvents() });
  }

  /** Calls that are no part of the story. */
  async aside(call: () => Promise<unknown>): Promise<void> {
    await call();
    await sleep(this.#settleMs);
    this.#takeEvents();
  }

  /** Jobs of several disks end in any order. */
  #takeEvents(): readonly string[] {
    return [...this.#events.splice(0), ...this.#jobEvents.splice(0).sort()];
  }

  async #state(): Promise<string> {
    if (this.#domain === undefined) return "none";
    const { uuid } = this.#domain;
    try {
      this.#domain = await this.libvirt.domains.byUuid(uuid);
      const { state, reason } = await this.libvirt.domains.state(this.#domain);
      return `${state}, ${reason}`;
    } catch (error) {
      if (error instanceof LibvirtError) return "none";
      throw error;
    }
  }

  async #collect<E extends { readonly domain: DomainRef }>(
    stream: EventStream<E>,
    take: (event: E) => unknown,
  ): Promise<void> {
    for await (const event of stream) if (event.domain.name === this.name) take(event);
  }

  #plain(value: unknown): unknown {
    if (value === undefined) return "ok";
    if (typeof value === "string") return this.#anonymous(value);
    if (Array.isArray(value)) return value.map((item) => this.#plain(item));
    if (typeof value !== "object" || value === null) return value;
    const { name } = value as { readonly name?: unknown };
    return typeof name === "string" ? this.#anonymous(name) : value;
  }

  #anonymous(text: string): string {
    return (
      text
        .replaceAll(this.folder, "<folder>")
        .replaceAll(this.name, "<name>")
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, "<uuid>")
        .replaceAll(/52:54:00(:[0-9a-f]{2}){3}/gu, "<mac>")
        .replaceAll(/virbr\d+/gu, "<bridge>")
        .replaceAll(/<creationTime>\d+/gu, "<creationTime>0")
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z /gu, "")
        // Which of the two it is depends on how soon QEMU ends.
        .replaceAll(/qemu unexpectedly closed the monitor|process exited while connecting to monitor/gu, "QEMU ended")
        .replaceAll(/ index='\d+'/gu, "")
        .replaceAll(/\.\d{10}\b/gu, ".<time>")
        // Which node of QEMU's graph it is.
        .replaceAll(/libvirt-\d+-format/gu, "libvirt-<n>-format")
        .replaceAll(/uid:\d+, gid:\d+/gu, "uid:0, gid:0")
        .replaceAll(/'[^']*\.save'/gu, "'<save>'")
    );
  }
}

/** Words of libxml2 are not part of what must agree. */
const describeError = (error: unknown): string => {
  if (error instanceof NbdError) return `NBD: ${error.code}`;
  if (!(error instanceof LibvirtError)) throw error;
  const text = error.code === 35 ? error.daemonMessage.replace(/^(\(\w+\)):.*$/su, "$1: no XML") : error.daemonMessage;
  return `error ${error.code} of ${error.domain}: ${text}`;
};
