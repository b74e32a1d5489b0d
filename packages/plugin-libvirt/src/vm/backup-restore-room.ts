import { failure, type DiskSource } from "@quiesce/core";
import type { DiskPlace } from "./backup-restore-disk.ts";
import type { Restoring } from "./backup-restore-context.ts";

interface Wanted {
  readonly source: DiskSource;
  readonly place: DiskPlace;
}

/** Fails before the first byte where it is certain that the pool cannot take them. */
export const assertRoom = async (c: Restoring, wanted: readonly Wanted[]): Promise<void> => {
  const byPool = Map.groupBy(wanted, ({ place }) => place.pool.name);
  for (const [name, group] of byPool) {
    const [first] = group;
    if (first === undefined) continue;
    const needs = await Promise.all(group.map((one) => needOf(c, one)));
    // A disk of another format than raw is there twice while it is converted.
    const most = Math.max(0, ...group.map(({ place }, index) => (place.as.format === "raw" ? 0 : (needs[index] ?? 0))));
    const need = needs.reduce((sum, bytes) => sum + bytes, most);
    const { available } = await c.api.libvirt.pools.info(first.place.pool, { signal: c.signal });
    if (need <= available) continue;
    throw failure(
      "quota-exceeded",
      `Not restored: the new disks need ${mebibytes(need)} in the pool ${name}, and ${mebibytes(available)} are free. ` +
        "The machine was not touched. Make room (old disks of earlier restores?), then restore again.",
    );
  }
};

const needOf = async ({ signal }: Restoring, { source, place }: Wanted): Promise<number> => {
  if (!place.as.sparse) return source.bytes;
  let bytes = 0;
  for await (const range of source.ranges(signal)) if (range.is === "data") bytes += range.length;
  return bytes;
};

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`;
