import { readdirSync, statfsSync } from "node:fs";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { Failure } from "../failure/failure.ts";
import { element, type XmlElement } from "../xml/element.ts";
import type { Pool } from "./pool.ts";

/** Names of the files in a pool's folder, without folders and hidden files. @throws {Failure} when it cannot be read */
export const readVolumeNames = (pool: Pool): readonly string[] => {
  try {
    return readdirSync(pool.path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => entry.name);
  } catch {
    const text = `cannot open directory '${pool.path}': No such file or directory`;
    throw new Failure(errorCodes["system-error"].code, errorDomains.none, text);
  }
};

export interface PoolSpace {
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly available: bigint;
}

/** Bytes of the file system that the pool lies on. */
export const readPoolSpace = (pool: Pool): PoolSpace => {
  if (!pool.active) return { capacity: 0n, allocation: 0n, available: 0n };
  const { blocks, bavail, bsize } = statfsSync(pool.path, { bigint: true });
  return { capacity: blocks * bsize, allocation: (blocks - bavail) * bsize, available: bavail * bsize };
};

export const describePool = (pool: Pool): XmlElement => {
  const { capacity, allocation, available } = readPoolSpace(pool);
  const bytes = (name: string, value: bigint) => element(name, { unit: "bytes" }, String(value));
  return element(
    "pool",
    { type: "dir" },
    element("name", {}, pool.name),
    element("uuid", {}, pool.uuid),
    bytes("capacity", capacity),
    bytes("allocation", allocation),
    bytes("available", available),
    element("source"),
    element("target", {}, element("path", {}, pool.path)),
  );
};
