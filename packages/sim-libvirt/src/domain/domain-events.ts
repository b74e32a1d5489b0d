/** Lifecycle events with their details, by number as on the wire (`virDomainEventType`). */
const lifecycleEvents = {
  defined: { event: 0, details: { added: 0, updated: 1, "from-snapshot": 3 } },
  undefined: { event: 1, details: { removed: 0 } },
  started: { event: 2, details: { booted: 0, restored: 2, "from-snapshot": 3, wakeup: 4 } },
  suspended: { event: 3, details: { paused: 0, "io-error": 2, restored: 4, "from-snapshot": 5 } },
  resumed: { event: 4, details: { unpaused: 0, "from-snapshot": 2 } },
  stopped: { event: 5, details: { shutdown: 0, destroyed: 1, saved: 4, failed: 5, "from-snapshot": 6 } },
  shutdown: { event: 6, details: { guest: 1, host: 2 } },
  pmsuspended: { event: 7, details: { memory: 0 } },
} as const;

type Events = typeof lifecycleEvents;
export type Lifecycle = { [E in keyof Events]: readonly [E, keyof Events[E]["details"]] }[keyof Events];

export const lifecycleNumbers = ([name, detail]: Lifecycle): { readonly event: number; readonly detail: number } => {
  const details: Readonly<Record<string, number>> = lifecycleEvents[name].details;
  return { event: lifecycleEvents[name].event, detail: details[detail] ?? 0 };
};
