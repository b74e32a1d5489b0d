import { knownNameOf, nameOf } from "./name-of.ts";

/** Reasons by state, at the index of their number (`virDomainRunningReason` and so on, libvirt 9.0). */
const reasons = {
  "no-state": ["unknown"],
  running: [
    "unknown",
    "booted",
    "migrated",
    "restored",
    "from-snapshot",
    "unpaused",
    "migration-cancelled",
    "save-cancelled",
    "wakeup",
    "crashed",
    "post-copy",
    "post-copy-failed",
  ],
  blocked: ["unknown"],
  paused: [
    "unknown",
    "user",
    "migration",
    "save",
    "dump",
    "io-error",
    "watchdog",
    "from-snapshot",
    "shutting-down",
    "snapshot",
    "crashed",
    "starting-up",
    "post-copy",
    "post-copy-failed",
  ],
  "shutting-down": ["unknown", "user"],
  "shut-off": ["unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from-snapshot", "daemon"],
  crashed: ["unknown", "panicked"],
  "pm-suspended": ["unknown"],
} as const;

type Reasons = typeof reasons;

/** At the index of their number (`virDomainState`). */
const states = [
  "no-state",
  "running",
  "blocked",
  "paused",
  "shutting-down",
  "shut-off",
  "crashed",
  "pm-suspended",
] as const satisfies readonly (keyof Reasons)[];

/** What a domain does, and since which event. A reason of a newer libvirt reads `unrecognised`. */
export type DomainState = {
  [S in keyof Reasons]: { readonly state: S; readonly reason: Reasons[S][number] | "unrecognised" };
}[keyof Reasons];

/** @throws {ProtocolError} for a state that this package does not know. */
export const domainState = (state: number, reason: number): DomainState => {
  const name = knownNameOf(states, state, "the state of a domain");
  // Sound: the reason is looked up by the very name that it goes with
  return { state: name, reason: nameOf(reasons[name], reason) } as DomainState;
};
