import type { Clock } from "../host/clock.ts";
import { FreezeLog } from "./freeze-log.ts";

/** Which file systems of a guest are frozen, and since when. A guest that is frozen takes no second freeze. */
export class Filesystems {
  readonly log = new FreezeLog();
  readonly #clock: Clock;
  readonly #thawed = new Set<() => void>();
  #frozen: readonly string[] = [];
  #cancelAutoThaw: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get frozen(): readonly string[] {
    return this.#frozen;
  }

  /** Freezes the mount points given. A number of milliseconds arms the guest's own timer. */
  freeze(mountpoints: readonly string[], autoThawMs: number | null): void {
    if (mountpoints.length === 0) return;
    this.#frozen = mountpoints;
    this.log.open(this.#clock.now());
    if (autoThawMs !== null) this.armAutoThaw(autoThawMs);
  }

  /** Thaws all in `ms` from now. */
  armAutoThaw(ms: number): void {
    this.#cancelAutoThaw();
    this.#cancelAutoThaw = this.#clock.after(ms, () => void this.thaw("auto-thaw"));
  }

  /** Thaws all; returns how many were frozen. */
  thaw(by: "thaw" | "auto-thaw" | "power"): number {
    const count = this.#frozen.length;
    this.#cancelAutoThaw();
    this.#frozen = [];
    this.log.close(this.#clock.now(), by);
    for (const resolve of this.#thawed) resolve();
    this.#thawed.clear();
    return count;
  }

  /** Resolves at the next thaw, however it comes. */
  nextThaw(): Promise<void> {
    return new Promise((resolve) => this.#thawed.add(resolve));
  }
}
