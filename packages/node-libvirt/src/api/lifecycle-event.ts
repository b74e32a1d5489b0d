import { nameOf } from "./name-of.ts";

/** Details by event, at the index of their number (`virDomainEventStartedDetailType` and so on, libvirt 9.0). */
const details = {
  defined: ["added", "updated", "renamed", "from-snapshot"],
  undefined: ["removed", "renamed"],
  started: ["booted", "migrated", "restored", "from-snapshot", "wakeup"],
  suspended: [
    "paused",
    "migrated",
    "io-error",
    "watchdog",
    "restored",
    "from-snapshot",
    "api-error",
    "post-copy",
    "post-copy-failed",
  ],
  resumed: ["unpaused", "migrated", "from-snapshot", "post-copy", "post-copy-failed"],
  stopped: ["shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from-snapshot"],
  shutdown: ["finished", "guest", "host"],
  "pm-suspended": ["memory", "disk"],
  crashed: ["panicked", "crash-loaded"],
} as const;

type Details = typeof details;

/** At the index of their number (`virDomainEventType`). */
const kinds = [
  "defined",
  "undefined",
  "started",
  "suspended",
  "resumed",
  "stopped",
  "shutdown",
  "pm-suspended",
  "crashed",
] as const satisfies readonly (keyof Details)[];

/** What happened to a domain. Numbers of a newer libvirt read `unrecognised`. */
export type DomainHappening =
  | { [K in keyof Details]: { readonly event: K; readonly detail: Details[K][number] | "unrecognised" } }[keyof Details]
  | { readonly event: "unrecognised"; readonly detail: "unrecognised" };

export const domainHappening = (event: number, detail: number): DomainHappening => {
  const kind = nameOf(kinds, event);
  if (kind === "unrecognised") return { event: kind, detail: kind };
  // Sound: the detail is looked up by the very event that it goes with
  return { event: kind, detail: nameOf(details[kind], detail) } as DomainHappening;
};
