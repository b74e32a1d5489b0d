import type { PoolRef, VolumeRef } from "@quiesce/node-libvirt/protocol";
import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";

/** A folder of volumes. */
export interface Pool {
  readonly uuid: string;
  readonly name: string;
  readonly path: string;
  autostart: boolean;
  persistent: boolean;
  active: boolean;
  /** Names of the volumes that the daemon knows; files made by others are seen after a refresh. */
  volumes: readonly string[];
}

/** By UUID alone. @throws {Failure} no-storage-pool */
export const findPool = (host: Host, { uuid, name }: PoolRef): Pool => {
  const pool = host.pools.get(uuid);
  if (pool !== undefined) return pool;
  throw failure("no-storage-pool", "storage", `no storage pool with matching uuid '${uuid}' (${name})`);
};

export const poolByName = (host: Host, name: string): Pool | undefined =>
  [...host.pools.values()].find((pool) => pool.name === name);

/** @throws {Failure} operation-invalid */
export const mustBeActivePool = (pool: Pool): void => {
  if (!pool.active) throw failure("operation-invalid", "storage", `storage pool '${pool.name}' is not active`);
};

export const toPoolRef = ({ name, uuid }: Pool): PoolRef => ({ name, uuid });

export const toVolumeRef = (pool: Pool, name: string): VolumeRef => ({
  pool: pool.name,
  name,
  key: `${pool.path}/${name}`,
});
