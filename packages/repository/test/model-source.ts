import { asId, type DiskRange, type DiskSource, type InstanceId, type RepositoryPlace } from "@quiesce/core";

/** A disk in memory, for tests. `ranges`: what it tells; default: all of it as data. */
export const sourceOf = (bytes: Uint8Array, ranges?: readonly DiskRange[]): DiskSource => ({
  bytes: bytes.length,
  ranges: async function* () {
    yield* ranges ?? [{ offset: 0, length: bytes.length, is: "data" }];
  },
  read: async (offset, into) => into.set(bytes.subarray(offset, offset + into.length)),
  close: async () => {},
});

export const placeFor = (set: string, run = set): RepositoryPlace => ({
  tag: { store: "store", deployment: asId("shop"), run: asId(run) },
  backup: { name: set, kind: "backup" },
  instance: asId<InstanceId>("db"),
});

export const never: AbortSignal = new AbortController().signal;

/** All of a disk, read in pieces of this size, several at once. */
export const readAll = async (source: DiskSource, piece = 1_000_003): Promise<Uint8Array> => {
  const into = new Uint8Array(source.bytes);
  const reads: Promise<void>[] = [];
  for (let at = 0; at < into.length; at += piece) reads.push(source.read(at, into.subarray(at, at + piece), never));
  await Promise.all(reads);
  return into;
};
