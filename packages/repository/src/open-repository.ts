import { failure, type ProviderFailure, type Repository } from "@quiesce/core";
import { statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createBlockEngine } from "./block/block-engine.ts";
import { diskFailure } from "./file/disk-failure.ts";
import { isDamaged } from "./format/damaged.ts";
import { openDisk } from "./read/open-disk.ts";
import { openRoot } from "./root/open-root.ts";
import { dropUnfinished } from "./set/drop-unfinished.ts";
import { openFolder, type Plainly } from "./set/folder.ts";
import { dropManifest, keepManifest } from "./set/manifest.ts";
import { findSets } from "./set/sets.ts";
import { readSmallFile } from "./set/small-file.ts";
import type { Shared } from "./shared.ts";
import { inspect } from "./verify/inspect.ts";
import { verify } from "./verify/verify.ts";

export interface RepositoryOptions {
  /** Compress what is stored from now on, each block by itself (zstd, level 1). Default: no. */
  readonly compress?: boolean;
  /** Make the folder and the repository when there is none. Default: yes. */
  readonly create?: boolean;
}

/** Buffers that all copies share, of 4 MiB and a little each. */
const buffers = 16;

/** One processor is left for the event loop and the source. */
const hashThreads = Math.max(1, Math.min(availableParallelism() - 1, 4));

/**
 * Opens the repository in a folder. Throws QuiesceError: `not-found` (there is none, and `create` is false), `refused`
 * (the folder holds something else, or anybody may write to it), `newer-store`, `damaged`, `unreachable` (the folder
 * cannot be read or made).
 */
export const openRepository = async (folder: string, options: RepositoryOptions = {}): Promise<Repository> => {
  const root = resolve(folder);
  const id = await openRoot(root, options.create ?? true);
  const shared: Shared = {
    root,
    repository: id,
    encoding: options.compress === true ? "zstd" : "plain",
    engine: createBlockEngine({ threads: hashThreads, buffers }),
  };
  const plainly = inPlainWords(root);
  const reader = readerOf(shared, plainly);
  return {
    ...reader,
    folder: (place) => openFolder(shared, reader, place, plainly),
    keepManifest: (set) => plainly(`manifest of ${set.manifest.name}`, () => keepManifest(root, set)),
    dropManifest: (set) => plainly(`manifest of ${set.name}`, () => dropManifest(root, set)),
    sets: (signal) => findSets(root, signal),
    dropUnfinished: ({ at, owner }) => plainly(at, () => dropUnfinished(root, at, owner)),
    inspect: (file) => plainly(file.id, () => inspect(shared, file)),
    verify: (file, signal, report) => plainly(file.id, () => verify(shared, file, signal, report)),
  };
};

const inPlainWords =
  (root: string): Plainly =>
  async (what, work) => {
    try {
      return await work();
    } catch (error) {
      throw isDamaged(error) ? advised(error) : diskFailure(root, what, error);
    }
  };

/** What to do about damage: the same whatever it is. */
const advised = ({ problem }: ProviderFailure): ProviderFailure =>
  failure("damaged", `${problem.message} Restore from another set; \`quiesce backups verify\` tells all damage.`);

type Reader = Pick<Repository, "id" | "location" | "freeBytes" | "openDisk" | "readFile">;

const readerOf = (shared: Shared, plainly: Plainly): Reader => {
  const { root, repository } = shared;
  return {
    id: repository,
    location: root,
    freeBytes: () =>
      plainly("its free space", async () => {
        const { bavail, bsize } = await statfs(root);
        return bavail * bsize;
      }),
    openDisk: (id) =>
      plainly(id, async () => {
        const disk = await openDisk(shared, id, shared.engine);
        return { ...disk, read: (offset, into, signal) => plainly(id, () => disk.read(offset, into, signal)) };
      }),
    readFile: (id) => plainly(id, () => readSmallFile(root, id)),
  };
};
