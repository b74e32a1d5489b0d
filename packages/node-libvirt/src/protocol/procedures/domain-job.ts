import { reads, writes } from "../procedure.ts";
import { domainRef } from "../refs.ts";
import { typedParams } from "../typed-params.ts";
import { int, nothing, struct, uhyper, uint } from "../xdr-type.ts";

/** Long work on a domain: backup, save, migration, dump. */
export const domainJobProcedures = {
  /** Times in ms, all else in bytes. GET_JOB_STATS says the same and more. */
  domainGetJobInfo: reads(
    163,
    "DOMAIN_GET_JOB_INFO",
    struct({ domain: domainRef }),
    struct({
      type: int,
      timeElapsed: uhyper,
      timeRemaining: uhyper,
      dataTotal: uhyper,
      dataProcessed: uhyper,
      dataRemaining: uhyper,
      memTotal: uhyper,
      memProcessed: uhyper,
      memRemaining: uhyper,
      fileTotal: uhyper,
      fileProcessed: uhyper,
      fileRemaining: uhyper,
    }),
  ),
  domainAbortJob: writes(164, "DOMAIN_ABORT_JOB", struct({ domain: domainRef }), nothing),
  /** Flag 1 (completed) alone forgets the statistics that it returns; with 2 (keep) the call changes nothing. */
  domainGetJobStats: reads(
    298,
    "DOMAIN_GET_JOB_STATS",
    struct({ domain: domainRef, flags: uint }),
    struct({ type: int, params: typedParams(64) }),
  ),
} as const;
