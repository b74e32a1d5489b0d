const common = { defined: 0, undefined: 1, started: 2, stopped: 3 } as const;

/** Events in the life of networks and pools, by number as on the wire (`virNetworkEventLifecycleType`, `virStoragePoolEventLifecycleType`). */
export const objectLifecycles = {
  network: common,
  /** `created`: its storage was built. */
  pool: { ...common, created: 4 },
} as const;

export type ObjectLifecycle<K extends keyof typeof objectLifecycles> = keyof (typeof objectLifecycles)[K];
