import { constants } from "node:fs";
import { copyFile, rm, truncate } from "node:fs/promises";
import { createDisk, setDiskFormat, type DiskFormat } from "../disk/disk-image.ts";
import { sidecarOf } from "../disk/sidecar.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import { downloadVolume, type VolumeRange } from "../storage/download-volume.ts";
import { findPool, mustBeActivePool, toVolumeRef, type Pool } from "../storage/pool.ts";
import { uploadVolume } from "../storage/upload-volume.ts";
import { describeVolume, findVolume, noVolume, volumeByPath, volumeSize, type Volume } from "../storage/volume.ts";
import { bytesOf } from "../xml/bytes.ts";
import { attributeOf, childOf, textOf, type XmlElement } from "../xml/element.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Handlers } from "./call.ts";
import { readXml } from "./read-xml.ts";

const streamFlags = { sparse: 1 };
const resizeFlags = { allocate: 1, delta: 2, shrink: 4 };

/** Volumes: files in the folder of their pool. */
export const volumeCalls: Handlers = {
  storageVolLookupByName: ({ pool: ref, name }, { host }) => {
    const pool = findPool(host, ref);
    return { volume: toRef(findVolume(host, toVolumeRef(pool, name))) };
  },
  storageVolLookupByPath: ({ path }, { host }) => {
    const volume = volumeByPath(host, path);
    if (volume === undefined) throw noVolume(`no storage vol with matching path '${path}'`);
    return { volume: toRef(volume) };
  },
  storageVolLookupByKey: ({ key }, { host }) => {
    const volume = volumeByPath(host, key);
    if (volume === undefined) throw noVolume(`no storage vol with matching key ${key}`);
    return { volume: toRef(volume) };
  },
  storageVolGetInfo: ({ volume }, { host }) => ({ type: 0, ...volumeSize(findVolume(host, volume)) }),
  storageVolGetXmlDesc: ({ volume }, { host }) => ({ xml: printXml(describeVolume(findVolume(host, volume))) }),
  storageVolGetPath: ({ volume }, { host }) => ({ path: findVolume(host, volume).path }),
  storageVolCreateXml: ({ pool: ref, xml }, { host }) => {
    const pool = findPool(host, ref);
    mustBeActivePool(pool);
    const request = readRequest(pool, readXml(xml, "storage_volume_definition", "storage"));
    const { name, capacity, allocation, format, old } = request;
    createDisk(`${pool.path}/${name}`, capacity, format, allocation);
    setDiskFormat(`${pool.path}/${name}`, format, { old });
    pool.volumes = [...pool.volumes, name];
    return { volume: toVolumeRef(pool, name) };
  },
  storageVolCreateXmlFrom: async ({ pool: ref, xml, source }, { host }) => {
    const pool = findPool(host, ref);
    mustBeActivePool(pool);
    const from = findVolume(host, source);
    const asked = readXml(xml, "storage_volume_definition", "storage");
    if (pool.volumes.includes(textOf(asked, "name") ?? "")) {
      throw failure("internal-error", "storage", `storage volume name '${textOf(asked, "name")}' already in use.`);
    }
    const { name, capacity, format, old } = readRequest(pool, asked);
    const path = `${pool.path}/${name}`;
    await copyFile(from.path, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    if (capacity > Number(volumeSize(from).capacity)) await truncate(path, capacity);
    setDiskFormat(path, format, { old });
    pool.volumes = [...pool.volumes, name];
    return { volume: toVolumeRef(pool, name) };
  },
  // As in the real daemon: whether a guest uses the volume is not asked.
  storageVolDelete: async ({ volume: ref }, { host }) => {
    const { pool, name, path } = findVolume(host, ref);
    pool.volumes = pool.volumes.filter((other) => other !== name);
    await rm(path, { force: true });
    await rm(sidecarOf(path), { recursive: true, force: true });
  },
  storageVolDownload: ({ volume, offset, length, flags }, { host, openStream }) => {
    checkFlags(flags, streamFlags.sparse, "storageVolDownload", "storage");
    openStream(downloadVolume(findVolume(host, volume), rangeOf(offset, length, flags)));
  },
  storageVolUpload: ({ volume, offset, length, flags }, { host, openStream }) => {
    checkFlags(flags, streamFlags.sparse, "storageVolUpload", "storage");
    openStream(uploadVolume(findVolume(host, volume), rangeOf(offset, length, flags)));
  },
  storageVolResize: async ({ volume: ref, capacity: given, flags }, { host }) => {
    checkFlags(flags, 0b111, "storageVolResize", "storage");
    const volume = findVolume(host, ref);
    const { allocation, capacity } = volumeSize(volume);
    const shrink = (flags & resizeFlags.shrink) !== 0;
    const wanted = (flags & resizeFlags.delta) === 0 ? given : shrink ? capacity - given : capacity + given;
    if (wanted < allocation) {
      throw failure("invalid-argument", "storage", "can't shrink capacity below existing allocation");
    }
    if (wanted < capacity && !shrink) {
      const text = "Can't shrink capacity below current capacity unless shrink flag explicitly specified";
      throw failure("invalid-argument", "storage", text);
    }
    await truncate(volume.path, Number(wanted));
  },
};

const rangeOf = (offset: bigint, length: bigint, flags: number): VolumeRange => ({
  offset: Number(offset),
  length: Number(length),
  sparse: (flags & streamFlags.sparse) !== 0,
});

const toRef = ({ pool, name }: Volume) => toVolumeRef(pool, name);

interface VolumeRequest {
  readonly name: string;
  readonly capacity: number;
  readonly allocation: number;
  readonly format: DiskFormat;
  /** As in libvirt, a qcow2 is of version 2 unless `<compat>1.1</compat>` is asked for. */
  readonly old: boolean;
}

const readRequest = (pool: Pool, xml: XmlElement): VolumeRequest => {
  const name = textOf(xml, "name");
  const capacity = childOf(xml, "capacity");
  if (name === undefined || name === "") throw failure("xml-error", "storage", "missing volume name element");
  if (name.includes("/")) throw failure("xml-error", "storage", `volume name '${name}' cannot contain '/'`);
  if (capacity === undefined) throw failure("xml-error", "storage", "missing capacity element");
  if (pool.volumes.includes(name)) {
    const text = `storage volume '${name}' exists already`;
    throw new Failure(errorCodes["storage-volume-exists"].code, errorDomains.storage, text);
  }
  const target = childOf(xml, "target");
  const format = attributeOf(childOf(target, "format"), "type") ?? "raw";
  if (format !== "raw" && format !== "qcow2") {
    throw failure("no-support", "storage", `volumes of format ${format} are not simulated`);
  }
  const bytes = Math.ceil(bytesOf(capacity, "bytes", "storage"));
  const allocation = childOf(xml, "allocation");
  // As in libvirt: a raw volume takes its space at once unless told otherwise.
  const usual = format === "raw" ? bytes : 0;
  const allocated = allocation === undefined ? usual : Math.ceil(bytesOf(allocation, "bytes", "storage"));
  return { name, capacity: bytes, allocation: Math.min(allocated, bytes), format, old: isOld(format, target) };
};

const isOld = (format: DiskFormat, target: XmlElement | undefined): boolean =>
  format === "qcow2" && (textOf(target, "compat") ?? "0.10") === "0.10";
