import type { ToyCloud, ToyVm } from "../../src/index.ts";
import type { ToyServices } from "./toy-services.ts";

export interface Taken {
  readonly frozen: boolean;
  /** Disk → its bytes at that instant. */
  readonly content: ReadonlyMap<string, Uint8Array>;
}

/** Sees what happens at the cloud at the instant when it happens, whatever anybody is told of it. */
export class Witness {
  /** Id of a snapshot or of a point of change tracking → what it holds. */
  readonly taken = new Map<string, Taken>();
  /** How often each machine went from frozen to not frozen. */
  readonly thaws = new Map<string, number>();
  /** Guests write while the run works. */
  writes = false;
  readonly #cloud: ToyCloud;
  readonly #services: ReadonlySet<string>;
  readonly #frozen = new Set<string>();
  #serial = 0;

  constructor(cloud: ToyCloud, { frozen }: Pick<ToyServices, "frozen">) {
    this.#cloud = cloud;
    this.#services = frozen;
    cloud.onEffect = ({ target }) => {
      this.#lookAt(target);
      this.#write(target);
    };
  }

  #lookAt(id: string): void {
    const { vms, snapshots, backups } = this.#cloud;
    const vm = vms.get(id);
    if (vm === undefined) return;
    if (this.#frozen.has(id) && !vm.frozen) this.thaws.set(id, (this.thaws.get(id) ?? 0) + 1);
    if (vm.frozen) this.#frozen.add(id);
    else this.#frozen.delete(id);
    for (const one of [...snapshots.values(), ...backups.points.values()])
      if (one.vm === id && !this.taken.has(one.id)) this.taken.set(one.id, this.#takenFrom(vm));
  }

  #write(id: string): void {
    const vm = this.#cloud.vms.get(id);
    if (this.writes && vm?.power === "running" && !vm.frozen) this.#cloud.write(id, `write ${(this.#serial += 1)}`);
  }

  #takenFrom({ frozen, power, name, disks }: ToyVm): Taken {
    return {
      // A machine that does not run has no freeze of its own: what stands for it is that of its service.
      frozen: power === "running" ? frozen : this.#services.has(`${name}-db`),
      content: new Map([...disks].map(([disk, { bytes }]) => [disk, bytes.slice()])),
    };
  }
}
