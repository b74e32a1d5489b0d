import type { Account, DiskSource } from "@quiesce/core";
import type { CallOptions, DomainRef, LibvirtReader, LibvirtWriter } from "@quiesce/node-libvirt";

/** The reading half of a session: neither the type nor the object can change anything. */
export interface Reader {
  readonly libvirt: LibvirtReader;
  readonly guest: GuestReader;
  readonly account: Account;
  /** How long the daemon waits for a guest's agent, whole seconds. */
  readonly agentSeconds: number;
  /** Opens a disk of a backup job that listens on a unix socket of the host; `changes`: only what this bitmap calls changed. */
  openExport(socket: string, wanted: WantedExport, signal: AbortSignal): Promise<DiskSource>;
  /** Names of the disks that a backup job gives there now; none while it does not listen. */
  listExports(socket: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface WantedExport {
  readonly name: string;
  readonly changes: string | undefined;
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
