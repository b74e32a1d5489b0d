import { failure, type Clock } from "@quiesce/core";
import { faultBox, type FaultBox } from "../faults/fault-box.ts";

export interface ToySnapshot {
  readonly id: string;
  readonly name: string;
  readonly tag: string;
  readonly vm: string;
  readonly content: string;
  readonly frozen: boolean;
}

export interface ToyVm {
  readonly id: string;
  readonly name: string;
  power: "running" | "suspended" | "off";
  frozen: boolean;
  /** What the guest wrote; a frozen guest cannot write. */
  content: string;
  readonly volumes: readonly string[];
  /** What the one who suspended it noted down on the machine itself: the state before. */
  note?: ToyVm["power"] | undefined;
}

/** A provider small enough to be read in one go, with faults: what the engine is tested against. */
export class ToyCloud {
  readonly vms = new Map<string, ToyVm>();
  readonly snapshots = new Map<string, ToySnapshot>();
  readonly faults: FaultBox = faultBox();
  /** Every call in order, `<call> <target>`. */
  readonly calls: string[] = [];
  /** How long each call takes. */
  delayMs: Readonly<Record<string, number>> = {};
  readonly #clock: Clock;
  #serial = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  addVm(name: string, volumes: readonly string[] = []): ToyVm {
    const vm: ToyVm = { id: `vm-${name}`, name, power: "running", frozen: false, content: `${name} as made`, volumes };
    this.vms.set(vm.id, vm);
    return vm;
  }

  write(id: string, content: string): void {
    const vm = this.#vm(id);
    if (vm.frozen) throw new Error(`${id} is frozen: its guest cannot write.`);
    vm.content = content;
  }

  async read(id: string, signal: AbortSignal): Promise<ToyVm> {
    return await this.#call("get", id, false, signal, () => ({ ...this.#vm(id) }));
  }

  async list(vm: string, signal: AbortSignal): Promise<readonly ToySnapshot[]> {
    return await this.#call("list", vm, false, signal, () => [...this.snapshots.values()].filter((s) => s.vm === vm));
  }

  /** Changes the power state and the note in one call. */
  async power(id: string, power: ToyVm["power"], note: ToyVm["note"], signal: AbortSignal): Promise<void> {
    await this.#call("power", id, true, signal, () => {
      Object.assign(this.#vm(id), { power, note });
    });
  }

  async freeze(id: string, signal: AbortSignal): Promise<void> {
    await this.#call("freeze", id, true, signal, () => {
      this.#vm(id).frozen = true;
    });
  }

  async thaw(id: string, signal: AbortSignal): Promise<void> {
    await this.#call("thaw", id, true, signal, () => {
      this.#vm(id).frozen = false;
    });
  }

  async snapshot(vm: string, name: string, tag: string, signal: AbortSignal): Promise<string> {
    return await this.#call("snapshot", vm, true, signal, () => {
      const { content, frozen } = this.#vm(vm);
      const id = `snap-${(this.#serial += 1)}`;
      this.snapshots.set(id, { id, name, tag, vm, content, frozen });
      return id;
    });
  }

  async revert(vm: string, snapshot: string, signal: AbortSignal): Promise<void> {
    await this.#call("revert", vm, true, signal, () => {
      const found = this.snapshots.get(snapshot);
      if (found === undefined) throw failure("not-found", `There is no snapshot ${snapshot}.`);
      Object.assign(this.#vm(vm), { content: found.content, frozen: found.frozen });
    });
  }

  async remove(vm: string, snapshot: string, signal: AbortSignal): Promise<void> {
    await this.#call("remove", vm, true, signal, () => {
      this.snapshots.delete(snapshot);
    });
  }

  #vm(id: string): ToyVm {
    const vm = this.vms.get(id);
    if (vm === undefined) throw failure("not-found", `There is no machine ${id}.`);
    return vm;
  }

  async #call<T>(name: string, target: string, mutates: boolean, signal: AbortSignal, effect: () => T): Promise<T> {
    this.calls.push(`${name} ${target}`);
    const delay = this.delayMs[name] ?? 0;
    if (delay > 0) await this.#clock.sleep(delay, signal);
    const fault = this.faults.strike(name, target, mutates);
    switch (fault?.what) {
      case undefined:
        return effect();
      case "delay":
        await this.#clock.sleep(fault.ms, signal);
        return effect();
      case "fail":
        throw failure("unavailable", `${name} ${target} was refused.`, {
          retry: fault.transient === true ? "later" : "never",
        });
      case "lose-reply":
        effect();
        throw failure("unavailable", `The connection ended during ${name} ${target}.`, { retry: "observe-first" });
      case "hang":
        if (fault.effect) effect();
        return await new Promise<never>(() => {});
    }
  }
}
