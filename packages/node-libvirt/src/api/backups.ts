import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef } from "../protocol/refs.ts";

/** For `backups.begin`. `reuseExternal`: the target or scratch files are there already. */
export const backupBeginFlags = { reuseExternal: 1 } as const;

export interface BackupRequest {
  /** `<domainbackup>`: push to files of the host, or pull over NBD. */
  readonly xml: string;
  /** `<domaincheckpoint>`: the mark that the next incremental backup starts from, set at the very instant of this backup. */
  readonly checkpointXml?: string | undefined;
}

/** Calls on backup jobs that change nothing. */
export const backupReader = (caller: ReadCaller) => ({
  /** What goes on now. Error `no-backup` when nothing does. */
  xml: async (domain: DomainRef, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.domainBackupGetXmlDesc, { domain, flags: 0 }, options)).xml,
});
export type BackupReader = ReturnType<typeof backupReader>;

/** Calls on backup jobs that change something. The domain must run. */
export const backupWriter = (caller: Caller) => ({
  /**
   * Begins a backup job; `backupBeginFlags`. Returns when the content is fixed: a push job goes on by itself and tells by
   * `events.jobCompleted` how it ended (its files stay when it failed); a pull job lasts until `domains.abortJob`. That this
   * call succeeded says nothing of a push job's end: the target may be full a moment later.
   */
  begin: async (domain: DomainRef, request: BackupRequest, flags = 0, options?: CallOptions): Promise<void> => {
    const { xml: backupXml, checkpointXml } = request;
    await caller.call(procedures.domainBackupBegin, { domain, backupXml, checkpointXml, flags }, options);
  },
});
export type BackupWriter = ReturnType<typeof backupWriter>;
