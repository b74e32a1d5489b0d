import { failure, systemClock, type Clock, type DiskSource } from "@quiesce/core";
import type { FoundSet, KeptSet, Repository, RepositoryReader, SetKey } from "@quiesce/core";
import { MemoryFiles } from "./memory-files.ts";
import { inspected, verified } from "./memory-checks.ts";
import { folderName, memoryFolder } from "./memory-folder.ts";
import { noFaults, type RepositoryFaults } from "./repository-faults.ts";
import { piecesOf, rangeOf, type StoredDisk } from "./stored-disk.ts";

export interface MemoryRepository extends Repository {
  readonly faults: RepositoryFaults;
  /** Ids of all files that are whole. */
  files(): readonly string[];
  /** The sets that have a manifest. */
  kept(): readonly KeptSet[];
  /** Changes one byte of a file behind everybody's back. */
  flip(id: string): void;
  /** Takes a file away behind everybody's back. */
  lose(id: string): void;
}

/** A repository that forgets everything with the process, and whose faults a test owns. */
export const memoryRepository = ({
  clock = systemClock,
}: { readonly clock?: Pick<Clock, "sleep"> } = {}): MemoryRepository => {
  const id = crypto.randomUUID();
  const location = `memory:${id.slice(0, 8)}`;
  const faults = noFaults();
  const files = new MemoryFiles(location, faults);
  const reader: Omit<RepositoryReader, "find"> = {
    id,
    location,
    freeBytes: async () => faults.room,
    openDisk: async (disk) => diskSource(files, files.chain(disk)),
    readFile: async (file) => await wholeContent(diskSource(files, files.chain(file))),
  };
  const kept = (): readonly KeptSet[] => [...files.manifests.values()].map((text) => JSON.parse(text) as KeptSet);
  return {
    ...reader,
    faults,
    files: () => [...files.whole.keys()].sort(),
    kept,
    flip: (file) => flip(files, file),
    lose: (file) => void files.whole.delete(file),
    folder: (place) => memoryFolder({ files, faults, clock, reader }, place),
    keepManifest: async (set) => keepManifest(files, set),
    dropManifest: async (set) => dropManifest(files, set),
    sets: async function* () {
      yield* kept().map((set): FoundSet => ({ is: "whole", ...set }));
      yield* unfinished(files, kept());
    },
    dropUnfinished: async (found) => dropUnfinished(files, kept(), found),
    inspect: async (file) => inspected(files, file),
    verify: async (file, signal) => verified(files, file, signal),
  };
};

const keyOf = ({ deployment, name, kind }: Pick<KeptSet["manifest"], "deployment" | "name" | "kind">): string =>
  `${deployment}/${name}/${kind}`;

const keepManifest = (files: MemoryFiles, set: KeptSet): void => {
  const { deployment, run } = set.manifest;
  files.take(folderName(set.manifest), { store: set.store, deployment, run });
  const text = JSON.stringify(set);
  const key = keyOf(set.manifest);
  files.reserve(text.length - (files.manifests.get(key)?.length ?? 0));
  files.manifests.set(key, text);
};

const dropManifest = (files: MemoryFiles, set: SetKey): void => {
  const folder = folderName(set);
  const text = files.manifests.get(keyOf(set));
  // A set has the id of the run that makes it: a folder that another run just took stays its own.
  const id = text === undefined ? files.owners.get(folder)?.run : (JSON.parse(text) as KeptSet).manifest.id;
  if (id === undefined || String(id) !== set.id) return;
  if (text !== undefined) files.reserve(-text.length);
  files.manifests.delete(keyOf(set));
  files.leave(folder);
};

function* unfinished(files: MemoryFiles, kept: readonly KeptSet[]): Generator<FoundSet> {
  const named = new Set(kept.map(({ manifest }) => folderName(manifest)));
  const written = new Set([...files.whole.keys()].map((id) => id.split("/").slice(0, 2).join("/")));
  for (const at of written) {
    const owner = files.owners.get(at);
    if (!named.has(at)) yield { is: "unfinished", at, ...(owner === undefined ? {} : { owner }) };
  }
}

const dropUnfinished: (
  files: MemoryFiles,
  kept: readonly KeptSet[],
  found: Parameters<Repository["dropUnfinished"]>[0],
) => void = (files, kept, { at, owner }) => {
  const now = files.owners.get(at);
  if (now === undefined) return;
  if (kept.some(({ manifest }) => folderName(manifest) === at) || now.store !== owner.store || now.run !== owner.run)
    throw failure("conflict", `${at} is no unfinished set of run ${owner.run} any more; nothing was removed.`);
  for (const id of [...files.whole.keys()].filter((file) => file.startsWith(`${at}/`))) files.remove(id);
};

const diskSource = (files: MemoryFiles, layers: readonly StoredDisk[]): DiskSource => {
  const bytes = layers[0]?.bytes ?? 0;
  return {
    bytes,
    ranges: async function* () {
      for (const piece of piecesOf(layers, 0, bytes)) yield rangeOf(piece);
    },
    read: async (offset, into) => {
      into.fill(0);
      for (const piece of piecesOf(layers, offset, into.length)) {
        if (piece.layer === undefined || piece.extent === undefined) continue;
        const from = piece.offset - piece.extent.offset;
        const content = files.check(piece.layer, piece.extent)?.subarray(from, from + piece.length);
        if (content !== undefined) into.set(content, piece.offset - offset);
      }
    },
    close: async () => {},
  };
};

const wholeContent = async (source: DiskSource): Promise<Uint8Array> => {
  const bytes = new Uint8Array(source.bytes);
  await source.read(0, bytes, new AbortController().signal);
  return bytes;
};

const flip = (files: MemoryFiles, id: string): void => {
  const bytes = files.whole.get(id)?.extents.find((extent) => extent.bytes !== undefined)?.bytes;
  if (bytes?.[0] === undefined) throw failure("not-found", `${id} holds no byte that could be changed.`);
  bytes[0] ^= 1;
};
