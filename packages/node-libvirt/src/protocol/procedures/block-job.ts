import { reads, writes } from "../procedure.ts";
import { domainRef } from "../refs.ts";
import { bool, int, nothing, optionalString, string, struct, uhyper, uint } from "../xdr-type.ts";

/** Jobs on one disk of a running domain. `disk` is its target (`vda`), or a path that the domain uses. */
export const blockJobProcedures = {
  /** Flags: 1 only ask, 2 switch the domain to the other image. */
  domainBlockJobAbort: writes(
    237,
    "DOMAIN_BLOCK_JOB_ABORT",
    struct({ domain: domainRef, disk: string, flags: uint }),
    nothing,
  ),
  domainGetBlockJobInfo: reads(
    238,
    "DOMAIN_GET_BLOCK_JOB_INFO",
    struct({ domain: domainRef, disk: string, flags: uint }),
    /** Without a job `found` is false and all else 0. Bandwidth in MiB/s, or in bytes/s with flag 1. */
    struct({ found: bool, type: int, bandwidth: uhyper, current: uhyper, end: uhyper }),
  ),
  /** Copies what the backing images hold into the disk's own image. */
  domainBlockPull: writes(
    240,
    "DOMAIN_BLOCK_PULL",
    struct({ domain: domainRef, disk: string, bandwidth: uhyper, flags: uint }),
    nothing,
  ),
  /** Writes the images from `top` down to `base` into `base`; absent ones mean the ends of the chain. */
  domainBlockCommit: writes(
    290,
    "DOMAIN_BLOCK_COMMIT",
    struct({
      domain: domainRef,
      disk: string,
      base: optionalString,
      top: optionalString,
      bandwidth: uhyper,
      flags: uint,
    }),
    nothing,
  ),
} as const;
