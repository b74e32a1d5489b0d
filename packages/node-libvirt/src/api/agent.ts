import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef } from "../protocol/refs.ts";
import { paramsToObject, type Params } from "../protocol/typed-params.ts";
import {
  agentTimeoutSeconds,
  sendAgentCommand,
  type AgentCommand,
  type AgentTimeout,
  type AskAgent,
} from "./agent-question.ts";
import { safeNumber } from "./safe-number.ts";

/** For `agent.guestInfo`; without any, all that the agent supports. */
export const guestInfoTypes = {
  users: 1,
  os: 2,
  timezone: 4,
  hostname: 8,
  filesystems: 16,
  disks: 32,
  interfaces: 64,
} as const;

const syncFromHardwareClock = 1;

export interface GuestFilesystem {
  readonly mountpoint: string;
  /** Device name inside the guest. */
  readonly name: string;
  readonly type: string;
  /** Targets of the disks that it lies on, as in the domain's XML: `vda`. */
  readonly devices: readonly string[];
}

/** Time since 1970, UTC. */
export interface GuestTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/**
 * Questions to the agent inside a guest. The daemon waits for a hung agent without limit by default and keeps the agent locked
 * meanwhile, for every client: call `setResponseTimeout` first. Error `agent-unresponsive` when it does not answer.
 */
export const agentReader = (caller: ReadCaller, ask: AskAgent) => ({
  ping: async (domain: DomainRef, options?: CallOptions): Promise<void> => {
    await ask(domain, "guest-ping", options);
  },

  fsfreezeStatus: async (domain: DomainRef, options?: CallOptions): Promise<"frozen" | "thawed"> => {
    const status = await ask(domain, "guest-fsfreeze-status", options);
    if (status !== "frozen" && status !== "thawed") throw new ProtocolError(`the guest's freeze status is unknown`);
    return status;
  },

  filesystems: async (domain: DomainRef, options?: CallOptions): Promise<readonly GuestFilesystem[]> =>
    (await caller.call(procedures.domainGetFsInfo, { domain, flags: 0 }, options)).filesystems,

  time: async (domain: DomainRef, options?: CallOptions): Promise<GuestTime> => {
    const { seconds, nanoseconds } = await caller.call(procedures.domainGetTime, { domain, flags: 0 }, options);
    return { seconds: safeNumber(seconds, "the guest's time"), nanoseconds };
  },

  /** Fields by libvirt's names, for example `os.kernel-release`; `types` from `guestInfoTypes`. */
  guestInfo: async (domain: DomainRef, types = 0, options?: CallOptions): Promise<Params> =>
    paramsToObject((await caller.call(procedures.domainGetGuestInfo, { domain, types, flags: 0 }, options)).params),
});
export type AgentReader = ReturnType<typeof agentReader>;

/** Orders to the agent inside a guest. */
export const agentWriter = (caller: Caller) => ({
  /**
   * How long the daemon waits for the agent in all later calls on this domain, whole seconds. Set it before a freeze: a freeze
   * that hangs can be ended by nothing else than the end of the domain.
   */
  setResponseTimeout: async (domain: DomainRef, timeout: AgentTimeout, options?: CallOptions): Promise<void> => {
    const args = { domain, timeout: agentTimeoutSeconds(timeout), flags: 0 };
    await caller.call(procedures.domainAgentSetResponseTimeout, args, options);
  },

  /**
   * Freezes the guest's file systems, all or those at `mountpoints`, and returns how many. They stay frozen when the client
   * dies: a Linux guest has no timer of its own. Fails for a guest that is frozen already. After the error
   * `agent-unresponsive` the guest may freeze later, when its agent comes back: thaw it and look until it says `thawed`.
   */
  freeze: async (domain: DomainRef, mountpoints: readonly string[] = [], options?: CallOptions): Promise<number> =>
    (await caller.call(procedures.domainFsFreeze, { domain, mountpoints, flags: 0 }, options)).filesystems,

  /** Thaws all file systems and returns how many were frozen; 0 when none was, so it is safe to repeat. */
  thaw: async (domain: DomainRef, options?: CallOptions): Promise<number> =>
    (await caller.call(procedures.domainFsThaw, { domain, mountpoints: [], flags: 0 }, options)).filesystems,

  /** Sets the guest's clock, to a time or from its own (virtual) hardware clock. */
  setTime: async (domain: DomainRef, time: GuestTime | "from-hardware-clock", options?: CallOptions): Promise<void> => {
    const args =
      time === "from-hardware-clock"
        ? { domain, seconds: 0n, nanoseconds: 0, flags: syncFromHardwareClock }
        : { domain, seconds: BigInt(time.seconds), nanoseconds: time.nanoseconds, flags: 0 };
    await caller.call(procedures.domainSetTime, args, options);
  },

  /** Any command of the QEMU guest agent; returns its `return` value. `timeout` is the daemon's, whole seconds. */
  command: (
    domain: DomainRef,
    command: AgentCommand,
    timeout: AgentTimeout = "default",
    options?: CallOptions,
  ): Promise<unknown> => sendAgentCommand(caller, domain, command, timeout, options),
});
export type AgentWriter = ReturnType<typeof agentWriter>;
