import { failure } from "@quiesce/core";
import type { ToyCalls } from "./toy-calls.ts";
import { blockBytes, type ToyVm } from "./toy-vm.ts";

interface ToyThing {
  readonly id: string;
  readonly name: string;
  readonly tag: string;
  readonly vm: string;
}

/** A point from which on the cloud knows what changed. */
export interface ToyPoint extends ToyThing {
  /** Disk → blocks that changed since; a disk that is not here is not tracked. */
  readonly dirty: Map<string, Set<number>>;
}

/** A backup that runs: the machine's content at its begin. */
export interface ToyJob extends ToyThing {
  readonly disks: ReadonlyMap<string, ToyCopy>;
}

export interface ToyCopy {
  readonly bytes: Uint8Array;
  /** In ascending order. */
  readonly changed: readonly number[] | "all";
}

/** Change tracking, jobs and the scratch space that they need. */
export class ToyBackups {
  readonly points = new Map<string, ToyPoint>();
  readonly jobs = new Map<string, ToyJob>();
  readonly scratch = new Map<string, ToyThing>();
  readonly #calls: ToyCalls;
  #serial = 0;

  constructor(calls: ToyCalls) {
    this.#calls = calls;
  }

  async look(vm: string, signal: AbortSignal) {
    const of = <T extends ToyThing>(things: ReadonlyMap<string, T>): readonly T[] =>
      [...things.values()].filter((thing) => thing.vm === vm);
    return await this.#calls.look("look", vm, signal, () => ({
      points: of(this.points),
      jobs: of(this.jobs),
      scratch: of(this.scratch),
    }));
  }

  async makeScratch(vm: string, name: string, tag: string, signal: AbortSignal): Promise<void> {
    await this.#calls.change("make-scratch", vm, signal, () => this.#keep(this.scratch, { vm, name, tag }));
  }

  /** Fixes the content and begins to track; with `since`, each disk tells what changed from that point on. */
  async begin(vm: ToyVm, name: string, tag: string, since: string | undefined, signal: AbortSignal): Promise<void> {
    await this.#calls.change("begin", vm.id, signal, () => {
      if ([...this.jobs.values()].some((job) => job.vm === vm.id))
        throw failure("conflict", `${vm.id} is being backed up by another job.`);
      if (![...this.scratch.values()].some((one) => one.vm === vm.id && one.name === name && one.tag === tag))
        throw failure("conflict", `${vm.id} has no scratch space for ${name}.`);
      const dirty = since === undefined ? undefined : this.points.get(since)?.dirty;
      const copies = [...vm.disks].map(([disk, { bytes }]): [string, ToyCopy] => [
        disk,
        { bytes: bytes.slice(), changed: [...(dirty?.get(disk) ?? [])].sort((a, b) => a - b) },
      ]);
      const disks = new Map(
        copies.map(([disk, copy]) => [disk, dirty?.has(disk) === true ? copy : { ...copy, changed: "all" as const }]),
      );
      for (const { id } of this.#named(this.points, vm.id, name, tag)) this.points.delete(id);
      this.#keep(this.points, {
        vm: vm.id,
        name,
        tag,
        dirty: new Map([...vm.disks.keys()].map((d) => [d, new Set()])),
      });
      this.#keep(this.jobs, { vm: vm.id, name, tag, disks });
    });
  }

  async read(job: string, disk: string, offset: number, into: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#calls.look("read-job", job, signal, () => {
      const copy = this.jobs.get(job)?.disks.get(disk);
      if (copy === undefined) throw failure("conflict", `The job ${job} is gone, and with it the content of ${disk}.`);
      into.set(copy.bytes.subarray(offset, offset + into.length));
    });
  }

  async end({ vm, id }: ToyThing, signal: AbortSignal): Promise<void> {
    await this.#calls.change("end", vm, signal, () => void this.jobs.delete(id));
  }

  async dropScratch({ vm, id }: ToyThing, signal: AbortSignal): Promise<void> {
    await this.#calls.change("drop-scratch", vm, signal, () => void this.scratch.delete(id));
  }

  async dropPoint({ vm, id }: ToyThing, signal: AbortSignal): Promise<void> {
    await this.#calls.change("drop-point", vm, signal, () => void this.points.delete(id));
  }

  /** A point that another tool made. */
  addForeign(vm: ToyVm, name: string): string {
    const dirty = new Map([...vm.disks.keys()].map((disk) => [disk, new Set<number>()]));
    return this.#keep(this.points, { vm: vm.id, name, tag: "somebody else", dirty });
  }

  /** The guest wrote. */
  wrote(vm: string, disk: string, block: number): void {
    for (const point of this.points.values()) if (point.vm === vm) point.dirty.get(disk)?.add(block);
  }

  /** Nobody knows any more what changed: of one disk, or of all. */
  forget(vm: string, disk?: string): void {
    for (const point of this.points.values())
      if (point.vm !== vm) continue;
      else if (disk === undefined) point.dirty.clear();
      else point.dirty.delete(disk);
  }

  /** The machine's process died: what ran is gone, the scratch space stays. */
  died(vm: string): void {
    for (const { id } of [...this.jobs.values()].filter((job) => job.vm === vm)) this.jobs.delete(id);
    this.forget(vm);
  }

  #named<T extends ToyThing>(things: ReadonlyMap<string, T>, vm: string, name: string, tag: string): readonly T[] {
    return [...things.values()].filter((thing) => thing.vm === vm && thing.name === name && thing.tag === tag);
  }

  #keep<T extends ToyThing>(things: Map<string, T>, thing: Omit<T, "id">): string {
    const id = `toy-${(this.#serial += 1)}`;
    things.set(id, { ...thing, id } as T);
    return id;
  }
}

/** The parts of a copy that must be moved: all of it, or what changed. */
export const blocksOf = ({ bytes, changed }: ToyCopy): readonly number[] =>
  changed === "all" ? Array.from({ length: bytes.length / blockBytes }, (_, block) => block) : changed;
