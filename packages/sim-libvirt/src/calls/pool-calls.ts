import { mkdirSync } from "node:fs";
import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import type { ObjectLifecycle } from "../host/object-lifecycle.ts";
import { findPool, mustBeActivePool, poolByName, toPoolRef, toVolumeRef, type Pool } from "../storage/pool.ts";
import { describePool, readPoolSpace, readVolumeNames } from "../storage/read-pool.ts";
import { attributeOf, childOf, textOf, type XmlElement } from "../xml/element.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Handlers } from "./call.ts";
import { passes } from "./list-filter.ts";
import { readXml } from "./read-xml.ts";

const states = { inactive: 0, running: 2 };

/** Storage pools: folders. */
export const poolCalls: Handlers = {
  connectListAllStoragePools: ({ needResults, flags }, { host }) => {
    const found = [...host.pools.values()].filter((pool) => passes(flags, groupsOf(pool))).map(toPoolRef);
    return { pools: needResults > 0 ? found : [], count: found.length };
  },
  storagePoolLookupByName: ({ name }, { host }) => {
    const pool = poolByName(host, name);
    if (pool === undefined) throw failure("no-storage-pool", "storage", `no storage pool with matching name '${name}'`);
    return { pool: toPoolRef(pool) };
  },
  storagePoolLookupByUuid: ({ uuid }, { host }) => {
    const pool = host.pools.get(uuid);
    if (pool === undefined) throw failure("no-storage-pool", "storage", `no storage pool with matching uuid '${uuid}'`);
    return { pool: toPoolRef(pool) };
  },
  storagePoolLookupByVolume: ({ volume }, { host }) => {
    const pool = poolByName(host, volume.pool);
    if (pool !== undefined) return { pool: toPoolRef(pool) };
    throw failure("no-storage-pool", "storage", `no storage pool with matching name '${volume.pool}'`);
  },
  storagePoolGetInfo: ({ pool: ref }, { host }) => {
    const pool = findPool(host, ref);
    return { state: pool.active ? states.running : states.inactive, ...readPoolSpace(pool) };
  },
  storagePoolGetXmlDesc: ({ pool }, { host }) => ({ xml: printXml(describePool(findPool(host, pool))) }),
  storagePoolIsActive: ({ pool }, { host }) => ({ active: findPool(host, pool).active }),
  storagePoolIsPersistent: ({ pool }, { host }) => ({ persistent: findPool(host, pool).persistent }),
  storagePoolGetAutostart: ({ pool }, { host }) => ({ autostart: findPool(host, pool).autostart }),
  storagePoolSetAutostart: ({ pool, autostart }, { host }) => {
    findPool(host, pool).autostart = autostart;
  },
  storagePoolListAllVolumes: ({ pool: ref, needResults }, { host }) => {
    const pool = findPool(host, ref);
    mustBeActivePool(pool);
    const volumes = needResults > 0 ? pool.volumes.map((name) => toVolumeRef(pool, name)) : [];
    return { volumes, count: pool.volumes.length };
  },
  storagePoolDefineXml: ({ xml }, { host }) => {
    const pool = define(host, readXml(xml, "storage_pool_definition", "storage"));
    tell(host, pool, "defined");
    return { pool: toPoolRef(pool) };
  },
  storagePoolBuild: ({ pool: ref }, { host }) => {
    const pool = findPool(host, ref);
    mkdirSync(pool.path, { recursive: true });
    tell(host, pool, "created");
  },
  storagePoolCreate: ({ pool: ref }, { host }) => {
    const pool = findPool(host, ref);
    if (pool.active) throw invalid(`storage pool '${pool.name}' is already active`);
    pool.volumes = readVolumeNames(pool);
    pool.active = true;
    tell(host, pool, "started");
  },
  storagePoolRefresh: ({ pool: ref }, { host }) => {
    const pool = findPool(host, ref);
    mustBeActivePool(pool);
    pool.volumes = readVolumeNames(pool);
  },
  storagePoolDestroy: ({ pool: ref }, { host }) => {
    const pool = findPool(host, ref);
    mustBeActivePool(pool);
    pool.active = false;
    pool.volumes = [];
    tell(host, pool, "stopped");
    if (!pool.persistent) host.pools.delete(pool.uuid);
  },
  storagePoolUndefine: ({ pool: ref }, { host }) => {
    const pool = findPool(host, ref);
    if (pool.active) throw invalid(`storage pool '${pool.name}' is still active`);
    host.pools.delete(pool.uuid);
    tell(host, pool, "undefined");
  },
};

const invalid = (reason: string) => failure("operation-invalid", "storage", reason);
const failed = (reason: string) => failure("operation-failed", "storage", reason);

const tell = (host: Host, pool: Pool, what: ObjectLifecycle<"pool">): void =>
  host.events.emit({ kind: "pool", pool: toPoolRef(pool), what });

const define = (host: Host, xml: XmlElement): Pool => {
  const type = attributeOf(xml, "type");
  if (type === undefined) throw failure("xml-error", "xml", "Missing required attribute 'type' in element 'pool'");
  if (type !== "dir") throw failure("no-support", "storage", `pools of type ${type} are not simulated`);
  const name = textOf(xml, "name");
  const path = textOf(childOf(xml, "target"), "path");
  if (name === undefined || name === "") throw failure("xml-error", "storage", "missing pool source name element");
  if (path === undefined) throw failure("xml-error", "storage", "missing storage pool target path");
  const uuid = textOf(xml, "uuid")?.toLowerCase();
  const sameName = poolByName(host, name);
  if (sameName !== undefined && sameName.uuid !== uuid) {
    throw failed(`pool '${name}' already exists with uuid ${sameName.uuid}`);
  }
  const samePath = [...host.pools.values()].find((pool) => pool.path === path && pool !== sameName);
  if (samePath !== undefined) throw failed(`Storage source conflict with pool: '${samePath.name}'`);
  if (sameName !== undefined) return sameName;
  const pool: Pool = {
    uuid: uuid ?? host.random.uuid(),
    name,
    path,
    autostart: false,
    persistent: true,
    active: false,
    volumes: [],
  };
  host.pools.set(pool.uuid, pool);
  return pool;
};

const groupsOf = ({ active, persistent, autostart }: Pool) =>
  [
    [
      [1, !active],
      [2, active],
    ],
    [
      [4, persistent],
      [8, !persistent],
    ],
    [
      [16, autostart],
      [32, !autostart],
    ],
    [
      [64, true],
      [128 | 256 | 512 | 1024, false],
    ],
  ] as const;
