import type { DiskSource, Progress } from "@quiesce/core";
import type { LibvirtReader, LibvirtWriter, StreamPart, VolumeRef } from "@quiesce/node-libvirt";
import { digestsOf, type BlockDigests } from "./block-digests.ts";
import { diskParts } from "./disk-parts.ts";

export interface Moving {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** Writes a disk's content into a new raw volume and tells what was sent. */
export const uploadContent = async (
  { volumes }: Pick<LibvirtWriter, "volumes">,
  volume: VolumeRef,
  source: DiskSource,
  moving: Moving,
): Promise<BlockDigests> => {
  const digests = digestsOf();
  const parts = counted(diskParts(source, moving.signal), digests.add, source.bytes, moving);
  await volumes.upload(volume, parts, { length: source.bytes, sparse: true, signal: moving.signal });
  return digests.done();
};

/** Reads all of a volume as its storage holds it. */
export const downloadDigests = async (
  { volumes }: Pick<LibvirtReader, "volumes">,
  volume: VolumeRef,
  bytes: number,
  moving: Moving,
): Promise<BlockDigests> => {
  const digests = digestsOf();
  const parts = volumes.download(volume, { sparse: true, signal: moving.signal });
  for await (const _ of counted(parts, digests.add, bytes, moving));
  return digests.done();
};

/** What a source holds, without a volume. */
export const sourceDigests = async (source: DiskSource, { signal }: Moving): Promise<BlockDigests> => {
  const digests = digestsOf();
  for await (const part of diskParts(source, signal)) digests.add(part);
  return digests.done();
};

async function* counted(
  parts: AsyncIterable<StreamPart>,
  see: (part: StreamPart) => void,
  total: number,
  { report }: Moving,
): AsyncGenerator<StreamPart, void, undefined> {
  let done = 0;
  let told = 0;
  for await (const part of parts) {
    see(part);
    yield part;
    done += part.kind === "data" ? part.bytes.length : part.length;
    if (done - told >= reportEveryBytes || done === total) {
      told = done;
      report({ done, total, unit: "bytes" });
    }
  }
}

const reportEveryBytes = 64 * 1024 * 1024;
