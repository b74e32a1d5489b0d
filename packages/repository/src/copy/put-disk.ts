import { failure, type DiskSource, type Progress, type PutDisk, type StoredFile } from "@quiesce/core";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { BlockTools } from "../block/block-engine.ts";
import type { Encoding } from "../block/job.ts";
import { blockBytes } from "../block/sizes.ts";
import { openPartial, removePartials } from "../file/partial-file.ts";
import { syncFolder } from "../file/sync-folder.ts";
import type { IndexHeader } from "../format/index-line.ts";
import { createIndexWriter } from "../format/index-writer.ts";
import { diskFileName, filesOfDisk } from "../set/layout.ts";
import { checkedRanges } from "./checked-ranges.ts";
import { copyContent } from "./copy-content.ts";
import { guardedSource } from "./guarded-source.ts";
import { recordRanges } from "./record-ranges.ts";

/** What `stat` counts in. */
const sectorBytes = 512;

export interface DiskPlace {
  readonly root: string;
  /** Below the root; it is there. */
  readonly folder: string;
  readonly repository: string;
  readonly encoding: Encoding;
}

/** Stores a disk anew: content first, and last its index, which says that it is whole. */
export const putDisk = async (
  { disk, signal, report }: PutDisk,
  parent: IndexHeader["parent"],
  from: DiskSource,
  { root, folder, repository, encoding }: DiskPlace,
  tools: BlockTools,
): Promise<StoredFile> => {
  const source = guardedSource(from, disk, signal);
  if (!Number.isSafeInteger(source.bytes) || source.bytes <= 0)
    throw failure("protocol", `The source of disk ${disk} says that it has ${source.bytes} bytes; nothing was stored.`);
  const kind = parent === undefined ? "full" : "increment";
  const name = diskFileName(disk, kind, encoding);
  const id = `${folder}/${name}`;
  const base = { schema: "quiesce.disk/1", repository, id, kind, bytes: source.bytes, blockBytes, encoding } as const;
  await dropDisk(join(root, folder), disk);
  await using content = await openPartial(join(root, id));
  await using indexFile = await openPartial(join(root, folder, filesOfDisk(disk).index));
  const index = createIndexWriter(indexFile.handle);
  await index.add(parent === undefined ? base : { ...base, parent });

  const progress = progressOf(source.bytes, kind, report);
  const checked = checkedRanges(source, { disk, whole: kind === "full" }, signal);
  const ranges = recordRanges(checked, kind, index, progress.zeroed);
  const { stored } = await copyContent({
    source,
    ranges: ranges.placed,
    file: content.handle,
    index,
    encoding,
    tools,
    signal,
    ...(kind === "full" ? { contentBytes: source.bytes } : {}),
    copied: progress.copied,
  });
  const contentBytes = kind === "full" ? source.bytes : ranges.dataBytes();
  const fileBytes = encoding === "plain" ? contentBytes : stored;
  await content.handle.truncate(fileBytes);
  await content.keep();
  const allocated = (await content.handle.stat()).blocks * sectorBytes;
  const proof = await index.end({ contentBytes, fileBytes, stored, allocated });
  await indexFile.keep();
  const file = { id, bytes: stored + proof.bytes, sha256: proof.sha256 };
  return parent === undefined ? file : { ...file, parent: parent.id };
};

/** Removes a disk, whole or not: first the index, so that no crash leaves one that seems whole. Absent is success. */
export const dropDisk = async (folder: string, disk: string): Promise<void> => {
  const { index, content } = filesOfDisk(disk);
  await rm(join(folder, index), { force: true });
  await syncFolder(folder);
  for (const name of content) await rm(join(folder, name), { force: true });
  await removePartials(folder, [index, ...content]);
};

/** A whole disk's progress counts its zeroes, so that it ends at the disk's size; of an increment nobody knows the end. */
const progressOf = (total: number, kind: "full" | "increment", report: ((progress: Progress) => void) | undefined) => {
  let done = 0;
  const add = (bytes: number): void => {
    done += bytes;
    report?.(kind === "full" ? { done, total, unit: "bytes" } : { done, unit: "bytes" });
  };
  return { copied: add, zeroed: kind === "full" ? add : () => undefined };
};
