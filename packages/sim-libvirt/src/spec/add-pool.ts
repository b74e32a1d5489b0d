import { mkdirSync } from "node:fs";
import type { Host } from "../host/host.ts";
import type { Pool } from "../storage/pool.ts";
import { readVolumeNames } from "../storage/read-pool.ts";
import { imagesOf } from "./domain-from-spec.ts";
import { poolSpecSchema, type PoolSpecInput } from "./spec.ts";

/** Adds a pool. One that is active knows the files that are in its folder now. */
export const addPool = (host: Host, input: PoolSpecInput): Pool => {
  const { name, path = imagesOf(host), active, autostart } = poolSpecSchema.parse(input);
  mkdirSync(path, { recursive: true });
  const pool: Pool = { uuid: host.random.uuid(), name, path, autostart, persistent: true, active, volumes: [] };
  host.pools.set(pool.uuid, pool);
  if (active) pool.volumes = readVolumeNames(pool);
  return pool;
};
