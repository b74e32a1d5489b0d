import type { Finding } from "@quiesce/core";
import type { CallOptions, PoolRef } from "@quiesce/node-libvirt";
import type { Reader } from "../client/session.ts";
import { orUndefined } from "../client/or-undefined.ts";

const lowShare = 0.1;

/** A pool that is full stops the machines on it: a snapshot keeps what they overwrite. */
export const poolFindings = async (
  { libvirt: { pools, volumes } }: Reader,
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
  const found = await partFindings(volumes, pool, options);
  const free = `${gibibytes(info.available)} GiB of ${gibibytes(info.capacity)} GiB are free.`;
  return info.available >= info.capacity * lowShare
    ? [{ level: "ok", about, message: free }, ...found]
    : [
        {
          level: "warning",
          about,
          message: free,
          fix: "Free space before a snapshot: machines stop when it runs out.",
        },
        ...found,
      ];
};

/** As a restore names what it needs on its way. */
const partName = /-[0-9a-f]{8}(?:-\w+\.\w+(?:\.look)?)?\.part$/;

/** What a restore has not finished: one that works, or one that died. */
const partFindings = async (
  volumes: Reader["libvirt"]["volumes"],
  pool: PoolRef,
  options: CallOptions,
): Promise<readonly Finding[]> => {
  const all = (await orUndefined(volumes.list(pool, options), "no-storage-pool")) ?? [];
  const parts = all.flatMap(({ name }) => (partName.test(name) ? [name] : []));
  const [first] = parts;
  if (first === undefined) return [];
  return [
    {
      level: "warning",
      about: `pool ${pool.name}`,
      message: `It holds parts of restores that work or that died: ${parts.join(", ")}.`,
      fix: `If no restore runs, repeat the one that died, or delete its parts: virsh vol-delete ${first} --pool ${pool.name}`,
    },
  ];
};

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
