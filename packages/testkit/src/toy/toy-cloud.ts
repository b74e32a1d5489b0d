import { failure, type Clock } from "@quiesce/core";
import { ToyBackups } from "./toy-backups.ts";
import { ToyCalls } from "./toy-calls.ts";
import { ToyDisks } from "./toy-disks.ts";
import { writeText, type ToyBefore, type ToyDisk, type ToyVm } from "./toy-vm.ts";

export interface ToySnapshot {
  readonly id: string;
  readonly name: string;
  readonly tag: string;
  readonly vm: string;
  readonly content: ReadonlyMap<string, Uint8Array>;
  readonly frozen: boolean;
}

export interface ToyPage {
  readonly items: readonly ToySnapshot[];
  readonly next?: number;
}

/** A provider small enough to be read in one go, with faults: what the engine is tested against. */
export class ToyCloud {
  readonly vms = new Map<string, ToyVm>();
  readonly snapshots = new Map<string, ToySnapshot>();
  readonly disks: ToyDisks;
  readonly backups: ToyBackups;
  /** So many snapshots are told at a time. */
  pageSize = 1000;
  /** Every page says that the second one follows. */
  repeatsPages = false;
  readonly #calls: ToyCalls;
  #serial = 0;

  constructor(clock: Clock) {
    this.#calls = new ToyCalls(clock);
    this.disks = new ToyDisks(this.#calls);
    this.backups = new ToyBackups(this.#calls);
  }

  get faults(): ToyCalls["faults"] {
    return this.#calls.faults;
  }

  /** Every call in order, `<call> <target>`. */
  get calls(): readonly string[] {
    return this.#calls.made;
  }

  /** How long each call takes. */
  set delayMs(delays: Readonly<Record<string, number>>) {
    this.#calls.delayMs = delays;
  }

  /** Brings the calls here; a test that owns it can lose them. */
  set carrier(carrier: ToyCalls["carrier"]) {
    this.#calls.carrier = carrier;
  }

  /** Called right after the effect of each call that changes something. */
  set onEffect(call: ToyCalls["onEffect"]) {
    this.#calls.onEffect = call;
  }

  addVm(name: string, volumes: readonly string[] = []): ToyVm {
    const disks = new Map(["root", ...volumes].map((disk) => [disk, this.disks.add(`${name}-${disk}`)]));
    const id = `vm-${name}`;
    const vm: ToyVm = { id, name, power: "running", frozen: false, volumes, disks, connected: true };
    this.vms.set(id, vm);
    this.write(id, `${name} as made`);
    return vm;
  }

  write(id: string, text: string): void {
    const vm = this.#vm(id);
    if (vm.frozen) throw new Error(`${id} is frozen: its guest cannot write.`);
    for (const [name, disk] of vm.disks) this.backups.wrote(id, name, writeText(disk, text));
  }

  /** The machine's process dies. */
  crash(id: string): void {
    Object.assign(this.#vm(id), { power: "off", frozen: false });
    this.backups.died(id);
  }

  /** The machine is gone with its disks and all that knew of them. */
  destroy(id: string): void {
    for (const disk of this.#vm(id).disks.values()) this.disks.all.delete(disk.id);
    this.vms.delete(id);
    for (const things of [this.backups.jobs, this.backups.points, this.backups.scratch, this.snapshots])
      for (const thing of things.values()) if (thing.vm === id) things.delete(thing.id);
  }

  async find(id: string, signal: AbortSignal): Promise<ToyVm | undefined> {
    return await this.#calls.look("get", id, signal, () => {
      const vm = this.vms.get(id);
      return vm && { ...vm };
    });
  }

  async read(id: string, signal: AbortSignal): Promise<ToyVm> {
    return await this.#calls.look("get", id, signal, () => ({ ...this.#vm(id) }));
  }

  /** One page of a machine's snapshots, from a marker on; without a next one it is the last. */
  async list(vm: string, marker: number, signal: AbortSignal): Promise<ToyPage> {
    return await this.#calls.look("list", vm, signal, () => {
      const all = [...this.snapshots.values()].filter((s) => s.vm === vm);
      const end = marker + this.pageSize;
      const next = this.repeatsPages ? this.pageSize : end;
      return { items: all.slice(marker, end), ...(end < all.length || this.repeatsPages ? { next } : {}) };
    });
  }

  /** Changes the power state and the note in one call. */
  async power(id: string, power: ToyVm["power"], note: ToyVm["note"], signal: AbortSignal): Promise<void> {
    await this.#calls.change("power", id, signal, () => {
      Object.assign(this.#vm(id), { power, note });
    });
  }

  /** Tells how many file systems were frozen. */
  async freeze(id: string, signal: AbortSignal): Promise<number> {
    return await this.#calls.change("freeze", id, signal, () => {
      const { fileSystems = 1 } = this.#vm(id);
      this.#vm(id).frozen = fileSystems > 0;
      return fileSystems;
    });
  }

  async thaw(id: string, signal: AbortSignal): Promise<void> {
    await this.#calls.change("thaw", id, signal, () => {
      this.#vm(id).frozen = false;
    });
  }

  async snapshot(vm: string, name: string, tag: string, signal: AbortSignal): Promise<string> {
    return await this.#calls.change("snapshot", vm, signal, () => {
      const { disks, frozen } = this.#vm(vm);
      const id = `snap-${(this.#serial += 1)}`;
      const content = new Map([...disks].map(([disk, { bytes }]) => [disk, bytes.slice()]));
      this.snapshots.set(id, { id, name, tag, vm, content, frozen });
      return id;
    });
  }

  async revert(vm: string, snapshot: string, signal: AbortSignal): Promise<void> {
    await this.#calls.change("revert", vm, signal, () => {
      const found = this.snapshots.get(snapshot);
      if (found === undefined) throw failure("not-found", `There is no snapshot ${snapshot}.`);
      const machine = this.#vm(vm);
      for (const [disk, bytes] of found.content) machine.disks.get(disk)?.bytes.set(bytes);
      machine.frozen = found.frozen;
      this.backups.forget(vm);
    });
  }

  async remove(vm: string, snapshot: string, signal: AbortSignal): Promise<void> {
    await this.#calls.change("remove", vm, signal, () => {
      this.snapshots.delete(snapshot);
    });
  }

  /** Gives a machine these disks and this mark in one call; makes the machine when there is none with this id. */
  async define(
    wanted: Pick<ToyVm, "id" | "name" | "volumes" | "power" | "connected"> & { readonly mark: string },
    disks: ReadonlyMap<string, ToyDisk>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#calls.change("define", wanted.id, signal, () => {
      for (const disk of disks.values()) disk.tag = undefined;
      const old = this.vms.get(wanted.id);
      for (const disk of old?.disks.values() ?? []) Object.assign(disk, { kept: wanted.mark, owner: wanted.id });
      const before: ToyBefore | undefined = old && { ...old };
      this.vms.set(wanted.id, { ...old, ...wanted, frozen: false, disks, before });
      this.backups.forget(wanted.id);
    });
  }

  /** Gives a machine back what it had before a restore; a machine that the restore made goes. Its disks go with it. */
  async putBack(id: string, mark: string, signal: AbortSignal): Promise<void> {
    await this.#calls.change("put-back", id, signal, () => {
      const { before, ...vm } = this.#vm(id);
      if (vm.mark !== mark) throw failure("conflict", `${id} was changed since that restore.`);
      for (const disk of vm.disks.values()) this.disks.all.delete(disk.id);
      for (const disk of before?.disks.values() ?? []) delete disk.kept;
      if (before === undefined) this.vms.delete(id);
      else {
        const { power, disks, mark: older, before: oldest } = before;
        this.vms.set(id, { ...vm, power, disks, mark: older, before: oldest, frozen: false, undone: mark });
      }
      this.backups.forget(id);
    });
  }

  #vm(id: string): ToyVm {
    const vm = this.vms.get(id);
    if (vm === undefined) throw failure("not-found", `There is no machine ${id}.`);
    return vm;
  }
}
