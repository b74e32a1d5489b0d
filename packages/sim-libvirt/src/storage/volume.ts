import { existsSync, statSync } from "node:fs";
import type { VolumeRef } from "@quiesce/node-libvirt/protocol";
import { diskFormat } from "../disk/disk-image.ts";
import { failure, type Failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import { element, type XmlElement } from "../xml/element.ts";
import { mustBeActivePool, poolByName, type Pool } from "./pool.ts";

export interface Volume {
  readonly pool: Pool;
  readonly name: string;
  readonly path: string;
}

export const noVolume = (reason: string): Failure => failure("no-storage-volume", "storage", reason);

/** By the names of pool and volume. @throws {Failure} no-storage-pool, no-storage-volume */
export const findVolume = (host: Host, ref: VolumeRef): Volume => {
  const pool = poolByName(host, ref.pool);
  if (pool === undefined) {
    throw failure("no-storage-pool", "storage", `no storage pool with matching name '${ref.pool}'`);
  }
  mustBeActivePool(pool);
  if (!pool.volumes.includes(ref.name)) throw noVolume(`no storage vol with matching name '${ref.name}'`);
  return { pool, name: ref.name, path: `${pool.path}/${ref.name}` };
};

export const volumeByPath = (host: Host, path: string): Volume | undefined => {
  for (const pool of host.pools.values()) {
    const name = pool.active ? pool.volumes.find((volume) => `${pool.path}/${volume}` === path) : undefined;
    if (name !== undefined) return { pool, name, path };
  }
  return undefined;
};

/** Bytes. A disk's file is as long as the disk is large. */
export const volumeSize = ({ path }: Volume): { readonly capacity: bigint; readonly allocation: bigint } => {
  if (!existsSync(path)) throw noVolume(`no storage vol with matching path '${path}'`);
  const { size, blocks } = statSync(path, { bigint: true });
  return { capacity: size, allocation: blocks * 512n };
};

export const describeVolume = (volume: Volume): XmlElement => {
  const { capacity, allocation } = volumeSize(volume);
  return element(
    "volume",
    { type: "file" },
    element("name", {}, volume.name),
    element("key", {}, volume.path),
    element("capacity", { unit: "bytes" }, String(capacity)),
    element("allocation", { unit: "bytes" }, String(allocation)),
    element("physical", { unit: "bytes" }, String(capacity)),
    element(
      "target",
      {},
      element("path", {}, volume.path),
      element("format", { type: diskFormat(volume.path) }),
      element("permissions", {}, element("mode", {}, "0600"), element("owner", {}, "0"), element("group", {}, "0")),
    ),
  );
};
