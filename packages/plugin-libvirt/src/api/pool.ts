import { poolListFlags, type CallOptions, type LibvirtReader, type PoolRef } from "@quiesce/node-libvirt";
import { at, readXml } from "./xml.ts";

/** What we read of a pool's XML. */
export interface Pool {
  /** `dir`, `fs`, `netfs`, `logical`, … */
  readonly type: string;
  /** The folder of its volumes on the host, where it has one. */
  readonly path: string | undefined;
}

export const readPool = (xml: string): Pool => {
  const pool = readXml(xml, "pool");
  return { type: pool.attributes["type"] ?? "", path: at(pool, "target", "path")?.text };
};

/** Volumes of these are files, which may have holes and grow. */
export const keepsFiles = ({ type }: Pool): boolean => ["dir", "fs", "netfs"].includes(type);

/** The active pool whose volumes lie in a folder. */
export const poolAt = async (
  { pools }: Pick<LibvirtReader, "pools">,
  folder: string,
  options: CallOptions,
): Promise<PoolRef | undefined> => {
  const active = await pools.list(poolListFlags.active, options);
  const paths = await Promise.all(active.map(async (pool) => readPool(await pools.xml(pool, 0, options)).path));
  return active.find((_, index) => paths[index] === folder);
};
