/** How long operations take, in milliseconds; 0 unless set. A daemon under test is as quick as the machine allows. */
interface Delays {
  readonly freezeMs: number;
  readonly thawMs: number;
  /** A snapshot: the guest stands still meanwhile. */
  readonly captureMs: number;
  readonly restoreMs: number;
  readonly suspendMs: number;
  readonly resumeMs: number;
  readonly startMs: number;
  /** Ending a guest by force. */
  readonly stopMs: number;
  /** What a guest takes that is asked to shut down. */
  readonly shutdownMs: number;
  /** Managed save. */
  readonly saveMs: number;
  /** From the answer to an abort until the job has ended. */
  readonly abortMs: number;
  /** What a push backup takes for its bytes. */
  readonly pushMs: number;
}

export interface HostSettings {
  readonly delays: Delays;
  /** Milliseconds that a job waits for another one on the same domain. libvirt's own value is 30 s. */
  readonly lockWaitMs: number;
  /** Unfinished calls of one connection, beyond which the daemon stops reading from it (`max_client_requests`). */
  readonly maxClientRequests: number;
  readonly authentication: Authentication;
  /** Milliseconds until a block job has copied all; `null` for never. */
  readonly blockJobMs: number | null;
  /** Bytes that the scratch files or targets of one backup may take; `null` for as many as the file system has. */
  readonly storeBytes: number | null;
}

/** What the socket asks of a client; `polkit-denied` refuses everyone. */
export type Authentication = "none" | "polkit" | "polkit-denied";

const noDelays: Delays = {
  freezeMs: 0,
  thawMs: 0,
  captureMs: 0,
  restoreMs: 0,
  suspendMs: 0,
  resumeMs: 0,
  startMs: 0,
  stopMs: 0,
  shutdownMs: 0,
  saveMs: 0,
  abortMs: 0,
  pushMs: 0,
};

export const defaultHostSettings: HostSettings = {
  delays: noDelays,
  lockWaitMs: 30_000,
  maxClientRequests: 5,
  authentication: "none",
  storeBytes: null,
  blockJobMs: 0,
};
