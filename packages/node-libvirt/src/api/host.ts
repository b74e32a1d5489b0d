import type { CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import { safeNumber } from "./safe-number.ts";

/** A version as libvirt counts: `9.0.0`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly release: number;
}

export interface HostInfo {
  readonly cpuModel: string;
  readonly memoryBytes: number;
  readonly cpus: number;
}

export interface EmulatorChoice {
  readonly emulator?: string;
  readonly arch?: string;
  readonly machine?: string;
  readonly virtType?: string;
}

/** What the host says of itself. */
export const hostReader = (caller: ReadCaller) => ({
  /** XML: CPU, and which guests it can run. */
  capabilities: async (options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.connectGetCapabilities, undefined, options)).xml,

  /** XML for one kind of guest; says for example whether it can be backed up. */
  domainCapabilities: async (choice: EmulatorChoice = {}, options?: CallOptions): Promise<string> => {
    const { emulator, arch, machine, virtType } = choice;
    const args = { emulator, arch, machine, virtType, flags: 0 };
    return (await caller.call(procedures.connectGetDomainCapabilities, args, options)).xml;
  },

  hostname: async (options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.connectGetHostname, undefined, options)).hostname,

  /** The URI that the daemon has opened. */
  uri: async (options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.connectGetUri, undefined, options)).uri,

  /** Name of the driver, for example `QEMU`. */
  driver: async (options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.connectGetType, undefined, options)).type,

  /** Version of the hypervisor. */
  hypervisorVersion: async (options?: CallOptions): Promise<Version> =>
    version((await caller.call(procedures.connectGetVersion, undefined, options)).version),

  /** Version of libvirt at the daemon. */
  libvirtVersion: async (options?: CallOptions): Promise<Version> =>
    version((await caller.call(procedures.connectGetLibVersion, undefined, options)).version),

  info: async (options?: CallOptions): Promise<HostInfo> => {
    const { model, memory, cpus } = await caller.call(procedures.nodeGetInfo, undefined, options);
    const end = model.indexOf(0);
    const cpuModel = String.fromCharCode(...model.slice(0, end < 0 ? model.length : end).map((code) => code & 0xff));
    return { cpuModel, memoryBytes: safeNumber(memory * 1024n, "the host's memory"), cpus };
  },

  freeMemoryBytes: async (options?: CallOptions): Promise<number> =>
    safeNumber((await caller.call(procedures.nodeGetFreeMemory, undefined, options)).bytes, "the host's free memory"),
});
export type HostReader = ReturnType<typeof hostReader>;

const version = (packed: bigint): Version => {
  const number = safeNumber(packed, "a version");
  return {
    major: Math.floor(number / 1_000_000),
    minor: Math.floor(number / 1000) % 1000,
    release: number % 1000,
  };
};
