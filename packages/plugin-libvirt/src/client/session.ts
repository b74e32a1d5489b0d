import type { Account } from "@quiesce/core";
import type { CallOptions, DomainRef, LibvirtReader, LibvirtWriter } from "@quiesce/node-libvirt";

/** The reading half of a session: neither the type nor the object can change anything. */
export interface Reader {
  readonly libvirt: LibvirtReader;
  readonly guest: GuestReader;
  readonly account: Account;
  /** How long the daemon waits for a guest's agent, whole seconds. */
  readonly agentSeconds: number;
}

export interface Writer extends Reader {
  readonly libvirt: LibvirtWriter;
}

/** Questions to the agent in a guest, each with a limit of its own: libvirt's own calls wait for ever by default. */
export interface GuestReader {
  freezeStatus(domain: DomainRef, options: CallOptions): Promise<"frozen" | "thawed">;
  /** Such as `debian`, `mswindows`; undefined where the agent cannot tell. */
  os(domain: DomainRef, options: CallOptions): Promise<string | undefined>;
  /** Milliseconds since 1970. */
  clockMs(domain: DomainRef, options: CallOptions): Promise<number>;
}
