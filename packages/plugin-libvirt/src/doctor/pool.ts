import type { Finding } from "@quiesce/core";
import type { CallOptions, PoolRef } from "@quiesce/node-libvirt";
import type { Reader } from "../client/session.ts";
import { orUndefined } from "../client/or-undefined.ts";

const lowShare = 0.1;

/** A pool that is full stops the machines on it: a snapshot keeps what they overwrite. */
export const poolFindings = async (
  { libvirt: { pools } }: Reader,
  pool: PoolRef,
  options: CallOptions,
): Promise<readonly Finding[]> => {
  const info = await orUndefined(pools.info(pool, options), "no-storage-pool");
  if (info === undefined) return [];
  const about = `pool ${pool.name}`;
  if (info.state !== "running") {
    const message = `The pool is ${info.state}, so its volumes cannot be found by name.`;
    return [{ level: "warning", about, message, fix: `virsh pool-start ${pool.name}` }];
  }
  const free = `${gibibytes(info.available)} GiB of ${gibibytes(info.capacity)} GiB are free.`;
  return info.available >= info.capacity * lowShare
    ? [{ level: "ok", about, message: free }]
    : [
        {
          level: "warning",
          about,
          message: free,
          fix: "Free space before a snapshot: machines stop when it runs out.",
        },
      ];
};

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
