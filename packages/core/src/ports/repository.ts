import type { StoredFile } from "../model/artefact.ts";
import type { InstanceId } from "../model/id.ts";
import type { Damage, Manifest } from "../model/manifest.ts";
import type { OwnershipTag, Progress } from "../plugin/context.ts";
import type { SetKey } from "../run/set-made-by.ts";
import type { BackupKind } from "../vocabulary/operation.ts";

/** A part of a disk; `zero`: it reads as zeroes and holds no bytes. */
export interface DiskRange {
  readonly offset: number;
  readonly length: number;
  readonly is: "data" | "zero";
}

/** Content of a disk at one instant, as whoever holds it can give it. */
export interface DiskSource {
  readonly bytes: number;
  /** In order of offset, without overlap. Of a whole disk without gaps from 0 to `bytes`; of a difference only what changed. */
  ranges(signal: AbortSignal): AsyncIterable<DiskRange>;
  /** Fills `into` from `offset` on. Calls may overlap in time; `into` may be shared memory. */
  read(offset: number, into: Uint8Array, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface PutDisk {
  /** The disk's name inside its machine: `vda`. */
  readonly disk: string;
  /** A difference builds on this stored disk (`StoredFile.id`); without it the disk is stored whole. */
  readonly parent?: string;
  readonly signal: AbortSignal;
  readonly report?: (progress: Progress) => void;
}

/** What a handler may read. Every error is a ProviderFailure: `damaged` for bytes that are not what was written. */
export interface RepositoryReader {
  /** Made with the repository: an increment never builds on a set of another one. */
  readonly id: string;
  /** For people: the folder's path. */
  readonly location: string;
  /** Room that is left; undefined when nobody can tell. */
  freeBytes(signal: AbortSignal): Promise<number | undefined>;
  /** A file of this step's own instance and set; undefined while it is not whole. */
  find(name: string): Promise<StoredFile | undefined>;
  /** The disk's content at its set's time, put together from its chain; each block is checked as it is read. */
  openDisk(id: string): Promise<DiskSource>;
  /** A small file, checked against its digest. */
  readFile(id: string): Promise<Uint8Array>;
}

/** The files of one instance in one set: what a step that moves bytes writes. Written files are synced. */
export interface RepositoryFolder extends RepositoryReader {
  /** Starts again when an earlier try left a part. Resolves when the disk is whole and durable. */
  putDisk(put: PutDisk, source: DiskSource): Promise<StoredFile>;
  /** At most 16 MiB: definitions, NVRAM. */
  putFile(name: string, bytes: Uint8Array): Promise<StoredFile>;
  /** Of any set. Absent is success; a file that another one builds on is refused. */
  remove(id: string): Promise<void>;
  /**
   * Removes all files of this step's own instance and set, and what an earlier try left of one. Absent is success, and
   * so is another run's folder, which stays.
   */
  clear(): Promise<void>;
}

/** Whose files: the set and the instance that a step works for. */
export interface RepositoryPlace {
  readonly tag: OwnershipTag;
  readonly backup: { readonly name: string; readonly kind: BackupKind };
  readonly instance: InstanceId;
}

/** A set as its manifest in the repository says, with the store that made it. */
export interface KeptSet {
  readonly store: string;
  readonly manifest: Manifest;
}

export type FoundSet =
  | ({ readonly is: "whole" } & KeptSet)
  | { readonly is: "damaged"; readonly at: string; readonly reason: string }
  /** Files without a manifest: of a run that works, or of one that died. */
  | { readonly is: "unfinished"; readonly at: string; readonly owner?: OwnershipTag };

/** Where the bytes go that Quiesce moves itself. */
export interface Repository extends Omit<RepositoryReader, "find"> {
  /** The files of one step's instance and set. The first write takes the set's folder; another run's is refused. */
  folder(place: RepositoryPlace): RepositoryFolder;
  /**
   * Writes or replaces a set's manifest: last of all, and whole or not at all. It takes the set's folder as a file
   * does: where another run's set lies, it is refused.
   */
  keepManifest(set: KeptSet): Promise<void>;
  /**
   * Absent is success, and a manifest with another id stays: it is another set's. Called before the first file of a
   * whole set is removed, and when a set is gone: then a folder that holds nothing any more is free for other runs.
   */
  dropManifest(set: SetKey): Promise<void>;
  sets(signal: AbortSignal): AsyncIterable<FoundSet>;
  /**
   * Removes the folder of a set that `sets` showed as unfinished. Looks again: one that has a manifest by now, or
   * another owner, is a `conflict`. Absent is success.
   */
  dropUnfinished(found: { readonly at: string; readonly owner: OwnershipTag }, signal: AbortSignal): Promise<void>;
  /** A quick look, without reading the content: is all there that a file needs, its chain too, and of the right size? */
  inspect(file: Pick<StoredFile, "id"> & { readonly sha256?: string }): Promise<readonly Damage[]>;
  /** Re-reads everything that a file needs, its chain too, and tells all damage; a digest that differs is damage. */
  verify(
    file: Pick<StoredFile, "id"> & { readonly sha256?: string },
    signal: AbortSignal,
    report?: (progress: Progress) => void,
  ): Promise<{ readonly bytes: number; readonly damage: readonly Damage[] }>;
}
