import { failure } from "@quiesce/core";
import type { ToyCalls } from "./toy-calls.ts";
import { diskBytes, type ToyDisk } from "./toy-vm.ts";

/** Disks that no machine uses yet, or no more. */
export class ToyDisks {
  readonly all = new Map<string, ToyDisk>();
  readonly #calls: ToyCalls;
  #serial = 0;

  constructor(calls: ToyCalls) {
    this.#calls = calls;
  }

  add(name: string, tag?: string, owner?: string): ToyDisk {
    const id = `disk-${(this.#serial += 1)}`;
    const disk: ToyDisk = { id, name, tag, owner, bytes: new Uint8Array(diskBytes) };
    this.all.set(id, disk);
    return disk;
  }

  async find(name: string, tag: string, signal: AbortSignal): Promise<readonly ToyDisk[]> {
    return await this.#calls.look("find-disk", name, signal, () =>
      [...this.all.values()].filter((disk) => disk.name === name && disk.tag === tag),
    );
  }

  /** What a restore made for this machine, which has it not yet, and what it keeps of it for the way back. */
  async of(
    tag: string,
    vm: string,
    signal: AbortSignal,
  ): Promise<{ readonly made: readonly ToyDisk[]; readonly kept: readonly ToyDisk[] }> {
    return await this.#calls.look("list-disks", vm, signal, () => ({
      made: [...this.all.values()].filter((disk) => disk.tag === tag && disk.owner === vm),
      kept: [...this.all.values()].filter((disk) => disk.kept === tag && disk.owner === vm),
    }));
  }

  /** `vm`: for whom it is made. */
  async make(name: string, tag: string, vm: string, signal: AbortSignal): Promise<ToyDisk> {
    return await this.#calls.change("make-disk", name, signal, () => this.add(name, tag, vm));
  }

  async upload(id: string, offset: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#calls.change("upload", id, signal, () => this.#of(id).bytes.set(bytes, offset));
  }

  async download(id: string, signal: AbortSignal): Promise<Uint8Array> {
    return await this.#calls.look("download", id, signal, () => this.#of(id).bytes.slice());
  }

  async drop(id: string, signal: AbortSignal): Promise<void> {
    await this.#calls.change("drop-disk", id, signal, () => void this.all.delete(id));
  }

  #of(id: string): ToyDisk {
    const disk = this.all.get(id);
    if (disk === undefined) throw failure("not-found", `There is no disk ${id}.`);
    return disk;
  }
}
