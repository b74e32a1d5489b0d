import type { procedures } from "../protocol/procedures.ts";
import type { VolumeRef } from "../protocol/refs.ts";
import type { XdrValue } from "../protocol/xdr-type.ts";
import { byteCount } from "./byte-count.ts";

/** Which bytes of a volume, and how. */
export interface VolumeStreamOptions {
  /** First byte. Default 0. */
  readonly offset?: number | undefined;
  /** How many bytes, exactly: a stream that ends before or goes on is an error. Default: to the end. */
  readonly length?: number | undefined;
  /** Holes are told instead of sent as zeroes. Needs libvirt 3.4. Default false. */
  readonly sparse?: boolean | undefined;
  /**
   * Longest silence of the daemon, in milliseconds. Default 300,000: it may write all that it has cached to a slow disk before
   * it confirms the end. The time that this side takes does not count.
   */
  readonly stallMs?: number | undefined;
  /** Gives the stream up and ends its connection. */
  readonly signal?: AbortSignal | undefined;
}

export const defaultStallMs = 300_000;
const sparseFlag = 1;

export const streamArgs = (
  volume: VolumeRef,
  { offset = 0, length, sparse = false }: VolumeStreamOptions,
): XdrValue<typeof procedures.storageVolDownload.args> => ({
  volume,
  offset: byteCount(offset, "the offset"),
  // 0 is "to the end" on the wire.
  length: length === undefined ? 0n : byteCount(length, "the length"),
  flags: sparse ? sparseFlag : 0,
});
