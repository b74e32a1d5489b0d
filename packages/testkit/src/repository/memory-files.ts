import { failure, type OwnershipTag } from "@quiesce/core";
import type { RepositoryFaults } from "./repository-faults.ts";
import { isSound, sha256, type Extent, type StoredDisk } from "./stored-disk.ts";

/** The files of a repository in memory, small ones as disks of one block, and who may write where. */
export class MemoryFiles {
  readonly whole = new Map<string, StoredDisk>();
  /** Folder and kind of a set → its manifest as JSON. */
  readonly manifests = new Map<string, string>();
  /** Folder of a set → the run that took it with its first file. */
  readonly owners = new Map<string, OwnershipTag>();
  readonly #faults: RepositoryFaults;
  readonly #location: string;

  constructor(location: string, faults: RepositoryFaults) {
    this.#location = location;
    this.#faults = faults;
  }

  /** Takes room for bytes that are about to be written. */
  reserve(bytes: number): void {
    if (this.#faults.readOnly)
      throw failure("forbidden", `The repository ${this.#location} cannot be written: it is read-only.`);
    const { room } = this.#faults;
    if (room === undefined) return;
    if (room < bytes)
      throw failure("quota-exceeded", `The repository ${this.#location} is full: ${bytes} bytes do not fit any more.`);
    this.#faults.room = room - bytes;
  }

  giveBack(bytes: number): void {
    if (this.#faults.room !== undefined) this.#faults.room += bytes;
  }

  /** The first write takes the set's folder. */
  take(folder: string, tag: OwnershipTag): void {
    const owner = this.owners.get(folder);
    if (owner !== undefined && (owner.store !== tag.store || owner.run !== tag.run))
      throw failure(
        "conflict",
        `${this.#location}/${folder} is being written by run ${owner.run}; nothing was changed.`,
      );
    this.owners.set(folder, tag);
  }

  keep(disk: StoredDisk): void {
    this.whole.set(disk.id, disk);
    if (this.#faults.lostReplies === 0) return;
    this.#faults.lostReplies -= 1;
    throw failure("unavailable", `The connection to ${this.#location} ended while ${disk.id} was written.`, {
      retry: "observe-first",
    });
  }

  /** The disk and what it builds on, newest first. */
  chain(id: string): readonly StoredDisk[] {
    const layers: StoredDisk[] = [];
    for (let at: string | undefined = id; at !== undefined; at = layers.at(-1)?.parent) {
      const layer = this.whole.get(at);
      if (layer === undefined) throw failure("damaged", `${id} cannot be read: ${at} is missing.`);
      layers.push(layer);
    }
    return layers;
  }

  /** The bytes of one block, checked. */
  check(layer: StoredDisk, extent: Extent): Uint8Array | undefined {
    if (this.#faults.unreadable.has(layer.id))
      throw failure("unavailable", `${this.#location}/${layer.id} cannot be read: input/output error.`);
    if (isSound(extent)) return extent.bytes;
    throw failure("damaged", `${layer.id} is damaged: the block at ${extent.offset} is not what was written.`);
  }

  remove(id: string): void {
    const user = [...this.whole.values()].find(({ parent }) => parent === id);
    if (user !== undefined) throw failure("conflict", `${id} stays: ${user.id} builds on it.`);
    const gone = this.whole.get(id);
    if (gone === undefined) return;
    if (this.#faults.readOnly)
      throw failure("forbidden", `The repository ${this.#location} cannot be written: it is read-only.`);
    this.whole.delete(id);
    this.giveBack(roomOf(gone));
    this.leave(id.split("/").slice(0, 2).join("/"));
  }

  /** A folder that holds nothing any more can be taken by another run. */
  leave(folder: string): void {
    const holds = (name: string): boolean => name.startsWith(`${folder}/`);
    if (![...this.whole.keys(), ...this.manifests.keys()].some(holds)) this.owners.delete(folder);
  }
}

export const roomOf = ({ extents }: Pick<StoredDisk, "extents">): number =>
  extents.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);

/** A digest over all that is kept of a disk. */
export const digestOf = ({ extents }: Pick<StoredDisk, "extents">): string =>
  sha256(Buffer.from(extents.map(({ offset, length, sha256: sum }) => `${offset} ${length} ${sum ?? ""}`).join("\n")));
