import { failure, type Failure } from "../failure/failure.ts";
import type { Clock } from "../host/clock.ts";
import type { GuestSettings } from "./guest-settings.ts";

/** The daemon greets an agent that it is out of step with, and waits this long for the answer. */
const greetingMs = 5000;

/**
 * The channel to the agent. A hung agent has taken the command already: it is performed when the agent goes on, long after
 * the caller was told that nothing answered.
 */
export class GuestAgent {
  readonly #clock: Clock;
  readonly #settings: () => GuestSettings;
  readonly #onChange: (connected: boolean) => void;
  #wanted = false;
  #connected = false;
  #inStep = false;
  #cancelStart: () => void = () => {};
  #stuck: (() => void)[] = [];
  readonly #waiting = new Set<(reason: Failure) => void>();

  constructor(clock: Clock, settings: () => GuestSettings, onChange: (connected: boolean) => void) {
    this.#clock = clock;
    this.#settings = settings;
    this.#onChange = onChange;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The agent comes up after a while, unless it is dead. */
  start(afterMs: number): void {
    this.#cancelStart();
    this.#wanted = true;
    if (afterMs > 0) this.#cancelStart = this.#clock.after(afterMs, () => this.#connect());
    else this.#connect();
  }

  /** The guest is gone, or asleep: whoever waits is told so, and what the agent had taken is lost. */
  stop(tell: boolean): void {
    this.#cancelStart();
    this.#wanted = false;
    this.#stuck = [];
    this.#disconnect(tell);
  }

  settingsChanged(guestRuns: boolean): void {
    const { agent } = this.#settings();
    if (agent === "dead") this.#disconnect(true);
    else if (this.#wanted) this.#connect();
    if (agent !== "running" || !guestRuns) return;
    const stuck = this.#stuck;
    this.#stuck = [];
    for (const perform of stuck) perform();
  }

  /**
   * Has the agent perform a command. `timeoutMs` may be `Infinity`.
   * @throws {Failure} agent-unresponsive
   */
  async ask<T>(timeoutMs: number, perform: () => T): Promise<T> {
    if (!this.#connected) throw notConnected();
    const { agent, agentDelayMs } = this.#settings();
    if (agent === "running" && agentDelayMs === 0) {
      this.#inStep = true;
      return perform();
    }
    const waitMs = this.#inStep ? timeoutMs : Math.min(timeoutMs, greetingMs);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const deliver = () => {
      try {
        resolve(perform());
        this.#inStep = true;
      } catch (error) {
        reject(error);
      }
    };
    // The caller's deadline cancels nothing: from here on the command is with the agent.
    if (agent !== "hung") this.#clock.after(agentDelayMs, () => this.#connected && deliver());
    else if (this.#inStep) this.#stuck.push(deliver);
    return this.#waitFor(promise, reject, waitMs);
  }

  async #waitFor<T>(promise: Promise<T>, reject: (reason: Failure) => void, waitMs: number): Promise<T> {
    const giveUp = () => {
      this.#inStep = false;
      reject(notAvailable());
    };
    const cancel = Number.isFinite(waitMs) ? this.#clock.after(waitMs, giveUp) : () => {};
    this.#waiting.add(reject);
    try {
      return await promise;
    } finally {
      cancel();
      this.#waiting.delete(reject);
    }
  }

  #connect(): void {
    if (this.#connected || this.#settings().agent === "dead") return;
    this.#connected = true;
    this.#inStep = false;
    this.#onChange(true);
  }

  #disconnect(tell: boolean): void {
    if (!this.#connected) return;
    this.#connected = false;
    for (const reject of this.#waiting) reject(notConnected());
    if (tell) this.#onChange(false);
  }
}

const notConnected = (): Failure => failure("agent-unresponsive", "qemu", "QEMU guest agent is not connected");
const notAvailable = (): Failure => failure("agent-unresponsive", "qemu", "Guest agent not available for now");
