import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { NetworkRef } from "../protocol/refs.ts";
import { safeNumber } from "./safe-number.ts";

/** For `networks.xml`: the persistent definition instead of the running one. */
export const networkXmlFlags = { inactive: 1 } as const;

/** For `networks.list`. */
export const networkListFlags = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;

/** For `networks.update`. */
export const networkUpdateCommands = { modify: 1, delete: 2, addLast: 3, addFirst: 4 } as const;

/** For `networks.update`. */
export const networkUpdateSections = {
  bridge: 1,
  domain: 2,
  ip: 3,
  ipDhcpHost: 4,
  ipDhcpRange: 5,
  forward: 6,
  forwardInterface: 7,
  forwardPf: 8,
  portgroup: 9,
  dnsHost: 10,
  dnsTxt: 11,
  dnsSrv: 12,
} as const;

/** For `networks.update`: what is changed. 0 is the running network, or the definition of one that does not run. */
export const networkUpdateFlags = { live: 1, config: 2 } as const;

/** For `networks.define`: check the definition against libvirt's schema first. Needs libvirt 7.7. */
export const networkDefineFlags = { validate: 1 } as const;

export interface DhcpLease {
  /** Bridge on the host. */
  readonly interface: string;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly mac: string | undefined;
  readonly address: string;
  readonly prefix: number;
  readonly hostname: string | undefined;
  readonly clientId: string | undefined;
}

export interface NetworkUpdate {
  readonly command: keyof typeof networkUpdateCommands;
  readonly section: keyof typeof networkUpdateSections;
  /** Which of several parents; -1 when it does not matter. */
  readonly parentIndex: number;
  readonly xml: string;
}

/** Calls on virtual networks that change nothing. */
export const networkReader = (caller: ReadCaller) => ({
  /** All networks, or those that `networkListFlags` choose. */
  list: async (flags = 0, options?: CallOptions): Promise<readonly NetworkRef[]> =>
    (await caller.call(procedures.connectListAllNetworks, { needResults: 1, flags }, options)).networks,

  /** Error `no-network` when there is none. */
  byName: async (name: string, options?: CallOptions): Promise<NetworkRef> =>
    (await caller.call(procedures.networkLookupByName, { name }, options)).network,

  /** Error `no-network` when there is none. */
  byUuid: async (uuid: string, options?: CallOptions): Promise<NetworkRef> =>
    (await caller.call(procedures.networkLookupByUuid, { uuid }, options)).network,

  /** `networkXmlFlags`. */
  xml: async (network: NetworkRef, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.networkGetXmlDesc, { network, flags }, options)).xml,

  isActive: async (network: NetworkRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.networkIsActive, { network }, options)).active,

  isPersistent: async (network: NetworkRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.networkIsPersistent, { network }, options)).persistent,

  autostart: async (network: NetworkRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.networkGetAutostart, { network }, options)).autostart,

  /** Leases of libvirt's own DHCP server, of one MAC address or of all. */
  dhcpLeases: async (network: NetworkRef, mac?: string, options?: CallOptions): Promise<readonly DhcpLease[]> => {
    const args = { network, mac, needResults: 1, flags: 0 };
    const { leases } = await caller.call(procedures.networkGetDhcpLeases, args, options);
    return leases.map(({ type: _type, iaid: _iaid, expires, ...lease }) => ({
      ...lease,
      expires: safeNumber(expires, "the end of a lease"),
    }));
  },
});
export type NetworkReader = ReturnType<typeof networkReader>;

/** Calls on virtual networks that change something. */
export const networkWriter = (caller: Caller) => ({
  /** Defines a network, or changes the definition of the one with the same UUID and name; `networkDefineFlags`. */
  define: async (xml: string, flags = 0, options?: CallOptions): Promise<NetworkRef> => {
    // Daemons before libvirt 7.7 know the form without flags only.
    if (flags === 0) return (await caller.call(procedures.networkDefineXml, { xml }, options)).network;
    return (await caller.call(procedures.networkDefineXmlFlags, { xml, flags }, options)).network;
  },

  undefine: async (network: NetworkRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.networkUndefine, { network }, options);
  },

  /** Needs the system daemon: a session daemon may not make bridges. */
  start: async (network: NetworkRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.networkCreate, { network }, options);
  },

  /** Stops a network and cuts its guests off. A transient network is gone then. */
  destroy: async (network: NetworkRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.networkDestroy, { network }, options);
  },

  setAutostart: async (network: NetworkRef, autostart: boolean, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.networkSetAutostart, { network, autostart }, options);
  },

  /** Changes one part of a network; `networkUpdateFlags`. */
  update: async (network: NetworkRef, change: NetworkUpdate, flags = 0, options?: CallOptions): Promise<void> => {
    const command = networkUpdateCommands[change.command];
    const section = networkUpdateSections[change.section];
    const { parentIndex, xml } = change;
    await caller.call(procedures.networkUpdate, { network, command, section, parentIndex, xml, flags }, options);
  },
});
export type NetworkWriter = ReturnType<typeof networkWriter>;
