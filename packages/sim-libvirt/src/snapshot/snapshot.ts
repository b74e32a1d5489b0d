import type { GuestMemory } from "../guest/guest-memory.ts";
import type { XmlElement } from "../xml/element.ts";

export type SnapshotDisk =
  | { readonly name: string; readonly mode: "internal" | "no"; readonly path: string }
  | { readonly name: string; readonly mode: "external"; readonly path: string; readonly overlay: string };

/** A snapshot of a domain. */
export interface Snapshot {
  readonly name: string;
  readonly description: string | undefined;
  /** State of the domain when it was taken. */
  readonly state: "running" | "paused" | "shutoff" | "disk-snapshot";
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Present in snapshots of running and paused domains that are not of disks alone. */
  readonly memory: GuestMemory | undefined;
  readonly disks: readonly SnapshotDisk[];
  /** The definition that ran, or that would have started. */
  readonly domain: XmlElement;
  /** The definition for the next start, where another one ran. */
  readonly inactiveDomain: XmlElement | undefined;
  /** Changes when the parent is deleted. */
  readonly parent: string | undefined;
}

export const isExternal = (snapshot: Snapshot): boolean => snapshot.disks.some((disk) => disk.mode === "external");
