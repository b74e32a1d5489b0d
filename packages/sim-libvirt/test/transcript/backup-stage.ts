import type { Libvirt, PoolRef, VolumeRef } from "@quiesce/node-libvirt";
import { connectNbd, unixSocket } from "@quiesce/node-libvirt/nbd";
import type { Narrator } from "./narrator.ts";

export const clusterBytes = 65_536;
export const diskBytes = 16 * clusterBytes;

/** What the stories of backups need besides the daemon. */
export interface BackupStage {
  readonly story: Narrator;
  readonly libvirt: Libvirt;
  /** Writes a text as the guest would. */
  readonly write: (target: string, offset: number, text: string) => Promise<void>;
  /** The guest's process is killed. */
  readonly crash: () => Promise<void>;
}

export const folderOf = ({ name, folder }: Narrator): string => `${folder}/${name}-disks`;
export const volumeOf = (story: Narrator, volume: string): VolumeRef => ({
  pool: story.name,
  name: volume,
  key: `${folderOf(story)}/${volume}`,
});

/** A pool with the disks of the story: `a` and `b` are qcow2, `r` is raw, `v2` is what a pool makes of qcow2 by itself. */
export const makeDisks = async ({ story, libvirt: { pools, volumes } }: BackupStage): Promise<PoolRef> => {
  const path = folderOf(story);
  const pool = await pools.define(
    `<pool type='dir'><name>${story.name}</name><target><path>${path}</path></target></pool>`,
  );
  await pools.build(pool);
  await pools.start(pool);
  const xml = (name: string, target: string) =>
    `<volume><name>${name}</name><capacity>${diskBytes}</capacity><allocation>0</allocation><target>${target}</target></volume>`;
  for (const name of ["a", "b"]) await volumes.create(pool, xml(name, "<format type='qcow2'/><compat>1.1</compat>"));
  await volumes.create(pool, xml("r", "<format type='raw'/>"));
  await volumes.create(pool, xml("v2", "<format type='qcow2'/>"));
  return pool;
};

/** A domain with those disks as vda to vdd, and nothing to boot. */
export const domainXml = (story: Narrator): string => {
  const disk = (volume: string, target: string, format: string) =>
    `<disk type='file' device='disk'><driver name='qemu' type='${format}'/>
      <source file='${folderOf(story)}/${volume}'/><target dev='${target}' bus='virtio'/></disk>`;
  return `<domain type='qemu'><name>${story.name}</name><memory unit='MiB'>32</memory>
    <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
    ${disk("a", "vda", "qcow2")}${disk("b", "vdb", "qcow2")}${disk("r", "vdc", "raw")}${disk("v2", "vdd", "qcow2")}
    <controller type='usb' model='none'/><memballoon model='none'/></devices></domain>`;
};

export const checkpointXml = (name: string): string =>
  `<domaincheckpoint><name>${name}</name><disks><disk name='vda' checkpoint='bitmap'/>
    <disk name='vdb' checkpoint='bitmap'/><disk name='vdc' checkpoint='no'/><disk name='vdd' checkpoint='no'/></disks></domaincheckpoint>`;

/** What a client of the running pull backup sees: the ranges, in clusters, and the text that is not zero. */
export const readExport = async (story: Narrator, name: string, bitmap?: string): Promise<string> => {
  await using source = await connectNbd({
    socket: unixSocket(`${folderOf(story)}/nbd`),
    export: name,
    contexts: ["base:allocation", ...(bitmap === undefined ? [] : [`qemu:dirty-bitmap:${bitmap}`])],
  });
  const { signal } = new AbortController();
  const bytes = Buffer.alloc(source.bytes);
  await source.read(0, bytes, signal);
  const ranges: string[] = [];
  for await (const { offset, length, is } of source.ranges(signal))
    ranges.push(`${is} ${offset / clusterBytes}+${length / clusterBytes}`);
  return `${source.bytes} bytes; ${ranges.join(", ")}; ${bytes.toString("latin1").replaceAll(/\0+/gu, " ").trim()}`;
};
