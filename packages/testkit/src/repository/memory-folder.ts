import {
  failure,
  type Clock,
  type DiskSource,
  type PutDisk,
  type RepositoryFolder,
  type RepositoryPlace,
} from "@quiesce/core";
import type { RepositoryReader, StoredFile } from "@quiesce/core";
import { digestOf, roomOf, type MemoryFiles } from "./memory-files.ts";
import type { RepositoryFaults } from "./repository-faults.ts";
import { sha256, type Extent, type StoredDisk } from "./stored-disk.ts";

export interface FolderParts {
  readonly files: MemoryFiles;
  readonly faults: RepositoryFaults;
  readonly clock: Pick<Clock, "sleep">;
  readonly reader: Omit<RepositoryReader, "find">;
}

/** Largest block of a disk that is written, and checked, at once. */
const blockBytes = 1024 * 1024;

export const folderName = ({ deployment, name }: { readonly deployment: string; readonly name: string }): string =>
  `${deployment}/${name}`;

/** The files of one instance in one set. */
export const memoryFolder = (parts: FolderParts, { tag, backup, instance }: RepositoryPlace): RepositoryFolder => {
  const { files, reader } = parts;
  const folder = folderName({ deployment: tag.deployment, name: backup.name });
  const idOf = (name: string): string => `${folder}/${instance}/${name}`;
  return {
    ...reader,
    find: async (name) => {
      const found = files.whole.get(idOf(name));
      return found && storedFile(found);
    },
    putDisk: async (put, source) => {
      files.take(folder, tag);
      return await putDisk(parts, idOf(put.disk), put, source);
    },
    putFile: async (name, bytes) => {
      files.take(folder, tag);
      files.reserve(bytes.length);
      const extent = { offset: 0, length: bytes.length, bytes: Uint8Array.from(bytes), sha256: sha256(bytes) };
      const file: StoredDisk = { id: idOf(name), bytes: bytes.length, extents: [extent] };
      files.keep(file);
      return storedFile(file);
    },
    remove: async (id) => files.remove(id),
    clear: async () => {
      if (files.owners.get(folder)?.run !== tag.run) return;
      for (const id of [...files.whole.keys()].filter((id) => id.startsWith(idOf("")))) files.remove(id);
      files.leave(folder);
    },
  };
};

const storedFile = (file: StoredDisk): StoredFile => ({
  id: file.id,
  bytes: roomOf(file),
  sha256: digestOf(file),
  ...(file.parent === undefined ? {} : { parent: file.parent }),
});

const putDisk = async (parts: FolderParts, id: string, put: PutDisk, source: DiskSource): Promise<StoredFile> => {
  const { files } = parts;
  if (put.parent !== undefined && !files.whole.has(put.parent))
    throw failure("damaged", `${id} cannot be written: ${put.parent}, which it is a difference to, is missing.`);
  const extents: Extent[] = [];
  try {
    for await (const range of source.ranges(put.signal))
      for (let offset = range.offset; offset < range.offset + range.length; offset += blockBytes) {
        const length = Math.min(blockBytes, range.offset + range.length - offset);
        extents.push(range.is === "zero" ? { offset, length } : await copied(parts, id, put, source, offset, length));
      }
  } catch (thrown) {
    files.giveBack(roomOf({ extents }));
    throw thrown;
  }
  const disk = { id, bytes: source.bytes, extents, ...(put.parent === undefined ? {} : { parent: put.parent }) };
  files.keep(disk);
  return storedFile(disk);
};

const copied = async (
  { files, faults, clock }: FolderParts,
  id: string,
  { signal, report }: PutDisk,
  source: DiskSource,
  offset: number,
  length: number,
): Promise<Extent> => {
  await faults.onBlock?.({ id, offset });
  if (faults.delayMs > 0) await clock.sleep(faults.delayMs, signal);
  signal.throwIfAborted();
  const bytes = new Uint8Array(length);
  await source.read(offset, bytes, signal);
  signal.throwIfAborted();
  files.reserve(length);
  report?.({ done: offset + length, total: source.bytes, unit: "bytes" });
  return { offset, length, bytes, sha256: sha256(bytes) };
};
