import { StoreFullError } from "../backup/store-full-error.ts";
import type { Drive } from "../disk/drive.ts";
import type { Clock } from "../host/clock.ts";
import type { Random } from "../host/random.ts";
import { withChanges } from "../host/with-changes.ts";
import { Filesystems } from "./filesystems.ts";
import { GuestAgent } from "./guest-agent.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { defaultGuestSettings, type GuestChanges, type GuestFilesystem, type GuestSettings } from "./guest-settings.ts";
import { GuestRefusal } from "./refusal.ts";

export type Power = "off" | "running" | "paused" | "asleep";

interface GuestDisk {
  readonly target: string;
  readonly path: string;
}

export interface GuestOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  /** The disks that the guest has now. */
  readonly disks: () => readonly GuestDisk[];
  /** The open disk behind a target, while the guest runs. */
  readonly drive: (target: string) => Drive | undefined;
  /** A write could not be done; the guest is to be paused. */
  readonly onDiskError: () => void;
  /** Told when the agent's channel goes up or down. */
  readonly onAgent: (connected: boolean) => void;
}

/** The machine inside a domain: memory, file systems, clock, agent. */
export class Guest {
  readonly agent: GuestAgent;
  readonly filesystems: Filesystems;
  readonly #options: GuestOptions;
  #settings: GuestSettings = defaultGuestSettings;
  #power: Power = "off";
  #bootId = "";
  #ram: Record<string, string> = {};
  #ranMs = 0;
  #runningSince: number | undefined;
  #clockBehindMs = 0;
  /** Time that the agent of a guest that has not run yet will take to come up. */
  #agentDueMs: number | undefined;
  #stun: Promise<void> | undefined;
  readonly #waitingToRun = new Set<() => void>();

  constructor(options: GuestOptions) {
    this.#options = options;
    this.filesystems = new Filesystems(options.clock);
    this.agent = new GuestAgent(options.clock, () => this.#settings, options.onAgent);
  }

  get settings(): GuestSettings {
    return this.#settings;
  }

  get power(): Power {
    return this.#power;
  }

  get uptimeMs(): number {
    return this.#ranMs + (this.#runningSince === undefined ? 0 : this.#options.clock.now() - this.#runningSince);
  }

  /** The guest's own clock, in milliseconds since 1970. After a memory state is loaded, it is behind. */
  get clockMs(): number {
    return this.#options.clock.now() - this.#clockBehindMs;
  }

  /** The clock of the machine, which is the host's. */
  get hardwareClockMs(): number {
    return this.#options.clock.now();
  }

  /** Changes how the guest behaves. An auto-thaw counts from now if the guest is frozen already. */
  set(changes: GuestChanges): void {
    this.#settings = withChanges(this.#settings, changes);
    const { autoThawMs } = changes;
    if (typeof autoThawMs === "number" && this.filesystems.frozen.length > 0) this.filesystems.armAutoThaw(autoThawMs);
    this.agent.settingsChanged(this.#power === "running");
  }

  setClock(ms: number): void {
    this.#clockBehindMs = this.#options.clock.now() - ms;
  }

  mounts(): readonly GuestFilesystem[] {
    if (this.#settings.filesystems !== null) return this.#settings.filesystems;
    return this.#options.disks().map(({ target }) => ({ mountpoint: `/${target}`, disk: target, type: "ext4" }));
  }

  /** Powers on; the guest stands still until it is told to run. */
  boot(): void {
    this.#forget();
    this.#bootId = this.#options.random.uuid();
    this.#clockBehindMs = 0;
    this.#power = "paused";
    this.#agentDueMs = this.#settings.bootMs;
  }

  run(): void {
    this.#power = "running";
    this.#runningSince ??= this.#options.clock.now();
    if (this.#agentDueMs !== undefined) this.agent.start(this.#agentDueMs);
    this.#agentDueMs = undefined;
    this.#wakeWriters();
  }

  pause(power: "paused" | "asleep" = "paused"): void {
    this.#stopTime();
    this.#power = power;
    if (power === "asleep") this.agent.stop(true);
  }

  wake(): void {
    this.run();
    this.agent.start(this.#settings.bootMs);
  }

  powerOff(): void {
    this.#forget();
    this.#power = "off";
    this.#wakeWriters();
    this.agent.stop(false);
  }

  save(): GuestMemory {
    return {
      bootId: this.#bootId,
      uptimeMs: this.uptimeMs,
      ram: { ...this.#ram },
      frozen: this.filesystems.frozen,
      clockMs: this.clockMs,
    };
  }

  /** Continues, paused, from a memory state. */
  load(memory: GuestMemory): void {
    this.#forget();
    this.#power = "paused";
    this.#bootId = memory.bootId;
    this.#ranMs = memory.uptimeMs;
    this.#ram = { ...memory.ram };
    this.setClock(memory.clockMs);
    this.filesystems.freeze(memory.frozen, this.#settings.autoThawMs);
    this.#agentDueMs = 0;
  }

  get bootId(): string {
    return this.#bootId;
  }

  get ram(): Readonly<Record<string, string>> {
    return this.#ram;
  }

  remember(key: string, value: string): void {
    this.#mustRun();
    this.#ram[key] = value;
  }

  /**
   * Writes to a disk as a program in the guest would: impossible while its file system is frozen or the guest does not run.
   * @throws {GuestRefusal}
   */
  async write(target: string, offset: number, bytes: Uint8Array): Promise<void> {
    while (this.#stun !== undefined) await this.#stun;
    this.#mustRun();
    if (this.#isFrozen(target)) {
      if (this.#settings.writeWhileFrozen === "refuse") {
        throw new GuestRefusal("frozen", `Disk ${target} of ${this.#options.name} is frozen; nothing was written.`);
      }
      await this.filesystems.nextThaw();
      return this.write(target, offset, bytes);
    }
    const drive = this.#options.drive(target);
    if (drive === undefined) throw this.#noDisk(target);
    try {
      drive.write(offset, bytes);
    } catch (error) {
      if (!(error instanceof StoreFullError)) throw error;
      // QEMU keeps the request: it is tried again when the guest goes on.
      this.#options.onDiskError();
      await this.#resumed();
      return this.write(target, offset, bytes);
    }
  }

  /** The file behind a disk. */
  pathOf(target: string): string {
    const disk = this.#options.disks().find((candidate) => candidate.target === target);
    if (disk !== undefined) return disk.path;
    throw this.#noDisk(target);
  }

  /** Stops the guest in its tracks while `work` runs; writes wait. */
  async stunned<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stun = promise;
    try {
      return await work();
    } finally {
      this.#stun = undefined;
      resolve();
    }
  }

  #noDisk(target: string): GuestRefusal {
    return new GuestRefusal("no-disk", `${this.#options.name} has no disk ${target}.`);
  }

  /** Resolves when the guest goes on, or has ended. */
  #resumed(): Promise<void> {
    return new Promise((resolve) => this.#waitingToRun.add(resolve));
  }

  #wakeWriters(): void {
    for (const resolve of this.#waitingToRun) resolve();
    this.#waitingToRun.clear();
  }

  #isFrozen(target: string): boolean {
    const { frozen } = this.filesystems;
    return this.mounts().some((mount) => mount.disk === target && frozen.includes(mount.mountpoint));
  }

  #mustRun(): void {
    if (this.#power === "running") return;
    throw new GuestRefusal("not-running", `${this.#options.name} is ${this.#power}; it can do nothing.`);
  }

  #stopTime(): void {
    this.#ranMs = this.uptimeMs;
    this.#runningSince = undefined;
  }

  #forget(): void {
    this.filesystems.thaw("power");
    this.#agentDueMs = undefined;
    this.#ram = {};
    this.#ranMs = 0;
    this.#runningSince = undefined;
  }
}
