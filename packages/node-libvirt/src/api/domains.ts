import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef } from "../protocol/refs.ts";
import { domainState, type DomainState } from "./domain-state.ts";
import { jobInfo, jobStats, type JobInfo, type JobStats } from "./job-stats.ts";

/** `virDomainMetadataType`: an XML element under its own namespace. */
const metadataElement = 2;
const completedAndKept = 1 | 2;
const pmTargets = { memory: 0, disk: 1, hybrid: 2 } as const;

/** Calls on domains that change nothing. */
export const domainReader = (caller: ReadCaller) => ({
  /** All domains, or those that `domainListFlags` choose. */
  list: async (flags = 0, options?: CallOptions): Promise<readonly DomainRef[]> =>
    (await caller.call(procedures.connectListAllDomains, { needResults: 1, flags }, options)).domains,

  /** Error `no-domain` when there is none. */
  byName: async (name: string, options?: CallOptions): Promise<DomainRef> =>
    (await caller.call(procedures.domainLookupByName, { name }, options)).domain,

  /** Error `no-domain` when there is none. */
  byUuid: async (uuid: string, options?: CallOptions): Promise<DomainRef> =>
    (await caller.call(procedures.domainLookupByUuid, { uuid }, options)).domain,

  /** The definition; `domainXmlFlags`. */
  xml: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.domainGetXmlDesc, { domain, flags }, options)).xml,

  state: async (domain: DomainRef, options?: CallOptions): Promise<DomainState> => {
    const { state, reason } = await caller.call(procedures.domainGetState, { domain, flags: 0 }, options);
    return domainState(state, reason);
  },

  /** True for every domain that has a process: running, paused, suspended. */
  isActive: async (domain: DomainRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.domainIsActive, { domain }, options)).active,

  /** False for a transient domain, which is gone when it stops. */
  isPersistent: async (domain: DomainRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.domainIsPersistent, { domain }, options)).persistent,

  autostart: async (domain: DomainRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.domainGetAutostart, { domain }, options)).autostart,

  hasManagedSave: async (domain: DomainRef, options?: CallOptions): Promise<boolean> =>
    (await caller.call(procedures.domainHasManagedSaveImage, { domain, flags: 0 }, options)).result,

  /** The XML element stored under a namespace; `domainImpactFlags`. Error `no-domain-metadata` when there is none. */
  metadata: async (domain: DomainRef, uri: string, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.domainGetMetadata, { domain, type: metadataElement, uri, flags }, options)).metadata,

  /** The job that goes on now. */
  jobStats: async (domain: DomainRef, options?: CallOptions): Promise<JobStats> => {
    const { type, params } = await caller.call(procedures.domainGetJobStats, { domain, flags: 0 }, options);
    return jobStats(type, params);
  },

  /** The same in libvirt's older form, with fewer numbers. */
  jobInfo: async (domain: DomainRef, options?: CallOptions): Promise<JobInfo> =>
    jobInfo(await caller.call(procedures.domainGetJobInfo, { domain }, options)),

  /** The job that ended last, as long as the daemon remembers it. */
  completedJobStats: async (domain: DomainRef, options?: CallOptions): Promise<JobStats> => {
    const args = { domain, flags: completedAndKept };
    const { type, params } = await caller.call(procedures.domainGetJobStats, args, options);
    return jobStats(type, params);
  },
});
export type DomainReader = ReturnType<typeof domainReader>;

/** Calls on domains that change something. */
export const domainWriter = (caller: Caller) => ({
  /** Stops the processors; memory stays. */
  suspend: async (domain: DomainRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainSuspend, { domain }, options);
  },

  resume: async (domain: DomainRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainResume, { domain }, options);
  },

  /** Starts a domain, from its managed save image if it has one; `domainStartFlags`. */
  start: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<DomainRef> =>
    (await caller.call(procedures.domainCreateWithFlags, { domain, flags }, options)).domain,

  /** Starts a domain that is gone when it stops; `domainStartFlags`. Error `operation-invalid` when it runs already. */
  startTransient: async (xml: string, flags = 0, options?: CallOptions): Promise<DomainRef> =>
    (await caller.call(procedures.domainCreateXml, { xml, flags }, options)).domain,

  /** Asks the guest to shut down and returns at once; `domainShutdownFlags`. Whether it obeys, `state` tells. */
  shutdown: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainShutdownFlags, { domain, flags }, options);
  },

  /** Ends the domain like a power cut; `domainDestroyFlags`. A transient domain is gone then. */
  destroy: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainDestroyFlags, { domain, flags }, options);
  },

  /** Writes the memory to the host's disk and stops the domain; `domainSaveFlags`. Takes as long as its memory is large. */
  managedSave: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainManagedSave, { domain, flags }, options);
  },

  removeManagedSave: async (domain: DomainRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainManagedSaveRemove, { domain, flags: 0 }, options);
  },

  /** Asks the guest's agent to suspend the guest (ACPI S3 or S4) and returns before the guest is there. */
  pmSuspend: async (domain: DomainRef, target: keyof typeof pmTargets, options?: CallOptions): Promise<void> => {
    const args = { domain, target: pmTargets[target], duration: 0n, flags: 0 };
    await caller.call(procedures.domainPmSuspendForDuration, args, options);
  },

  pmWakeup: async (domain: DomainRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainPmWakeup, { domain, flags: 0 }, options);
  },

  /** Defines a domain, or changes the definition of the one with the same UUID and name; `domainDefineFlags`. */
  define: async (xml: string, flags = 0, options?: CallOptions): Promise<DomainRef> =>
    (await caller.call(procedures.domainDefineXmlFlags, { xml, flags }, options)).domain,

  /** Forgets the definition; `domainUndefineFlags`. Disks stay. */
  undefine: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainUndefineFlags, { domain, flags }, options);
  },

  setAutostart: async (domain: DomainRef, autostart: boolean, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainSetAutostart, { domain, autostart }, options);
  },

  /**
   * Stores one XML element under the namespace `uri`, in place of the one that was there; `domainImpactFlags`.
   * `prefix` is the XML prefix that the definition shows.
   */
  setMetadata: async (
    domain: DomainRef,
    element: { readonly uri: string; readonly prefix: string; readonly xml: string },
    flags = 0,
    options?: CallOptions,
  ): Promise<void> => {
    const { uri, prefix: key, xml: metadata } = element;
    await caller.call(
      procedures.domainSetMetadata,
      { domain, type: metadataElement, metadata, key, uri, flags },
      options,
    );
  },

  /** Removes the element under a namespace; `domainImpactFlags`. */
  removeMetadata: async (domain: DomainRef, uri: string, flags = 0, options?: CallOptions): Promise<void> => {
    const element = { type: metadataElement, metadata: undefined, key: undefined, uri };
    await caller.call(procedures.domainSetMetadata, { domain, ...element, flags }, options);
  },

  /** Ends the job that goes on. Error `operation-invalid` when there is none. */
  abortJob: async (domain: DomainRef, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainAbortJob, { domain }, options);
  },
});
export type DomainWriter = ReturnType<typeof domainWriter>;
