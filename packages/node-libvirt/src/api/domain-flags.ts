/** For `domains.xml`. */
export const domainXmlFlags = {
  /** Passwords too. Keep the result secret. */
  secure: 1,
  /** The persistent definition instead of the running one. */
  inactive: 2,
  updateCpu: 4,
  migratable: 8,
} as const;

/** For `domains.list`. Several of one group are joined by "or"; without any, all domains. */
export const domainListFlags = {
  active: 1,
  inactive: 2,
  persistent: 4,
  transient: 8,
  running: 16,
  paused: 32,
  shutOff: 64,
  otherState: 128,
  managedSave: 256,
  noManagedSave: 512,
  autostart: 1024,
  noAutostart: 2048,
  hasSnapshot: 4096,
  noSnapshot: 8192,
  hasCheckpoint: 16_384,
  noCheckpoint: 32_768,
} as const;

/** For `domains.start`. */
export const domainStartFlags = {
  /** Leave the domain paused. */
  paused: 1,
  /** Destroy the domain when this connection ends. Not for a pool of connections, where that moment is not known. */
  autodestroy: 2,
  bypassCache: 4,
  /** Boot afresh and throw a managed save image away. */
  forceBoot: 8,
  validate: 16,
  resetNvram: 32,
} as const;

/** For `domains.shutdown`. */
export const domainShutdownFlags = { acpi: 1, agent: 2 } as const;

/** For `domains.destroy`. */
export const domainDestroyFlags = {
  /** Fail rather than kill a domain that does not end by SIGTERM. */
  graceful: 1,
  removeLogs: 2,
} as const;

/** For `domains.undefine`. Without the right ones libvirt refuses a domain that has such data. */
export const domainUndefineFlags = {
  managedSave: 1,
  snapshotsMetadata: 2,
  nvram: 4,
  keepNvram: 8,
  checkpointsMetadata: 16,
  tpm: 32,
  keepTpm: 64,
} as const;

/** For `domains.define`. */
export const domainDefineFlags = { validate: 1 } as const;

/** For `domains.managedSave`. */
export const domainSaveFlags = {
  bypassCache: 1,
  /** Run after the next start, whatever the domain did when it was saved. */
  running: 2,
  /** Be paused after the next start. */
  paused: 4,
  resetNvram: 8,
} as const;

/** For metadata: what is meant or changed. 0 is the running domain, or the definition of one that does not run. */
export const domainImpactFlags = { live: 1, config: 2 } as const;
