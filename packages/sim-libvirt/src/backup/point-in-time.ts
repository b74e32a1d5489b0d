import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { clusterBytes, clustersOf, type DirtyBitmap } from "../disk/dirty-bitmap.ts";
import type { Drive } from "../disk/drive.ts";
import { StoreFullError } from "./store-full-error.ts";

/** Room for what a backup keeps; several disks may share it. */
export interface StoreRoom {
  /** Takes bytes. @throws {StoreFullError} when there are not so many left */
  take(bytes: number): void;
}

export interface PointInTimeOptions {
  readonly drive: Drive;
  /** Bytes. */
  readonly size: number;
  /** The file that takes old bytes, each at its own place. */
  readonly store: string;
  readonly room: StoreRoom;
  /** The clusters that matter; without them, all. */
  readonly only?: DirtyBitmap | undefined;
  /** What happens when the store is full. By default the guest's write is refused. */
  readonly onFull?: (error: StoreFullError) => void;
}

/**
 * The content that a disk had at one moment, while the guest writes on: before a cluster is written for the first time, its old
 * bytes go to the store.
 */
export class PointInTime {
  readonly size: number;
  readonly #options: PointInTimeOptions;
  readonly #disk: number;
  readonly #store: number;
  readonly #kept = new Set<number>();
  readonly #stop: () => void;

  constructor(options: PointInTimeOptions) {
    this.size = options.size;
    this.#options = options;
    // As QEMU does: what is open stays readable when somebody deletes the file.
    this.#disk = openSync(options.drive.path, "r");
    this.#store = openSync(options.store, "r+");
    this.#stop = options.drive.watch((offset, length) => this.#beforeWrite(offset, length));
  }

  /** Bytes that lie in the store. */
  get keptBytes(): number {
    return this.#kept.size * clusterBytes;
  }

  read(offset: number, length: number): Buffer {
    const parts = [...clustersOf(offset, length)].map((cluster) => {
      const from = Math.max(offset, cluster * clusterBytes);
      const bytes = Math.min(offset + length, (cluster + 1) * clusterBytes) - from;
      return readFully(this.#kept.has(cluster) ? this.#store : this.#disk, from, bytes);
    });
    return Buffer.concat(parts, length);
  }

  /** Copies a cluster to the store unless it is there. Zeros take no room. @throws {StoreFullError} */
  keep(cluster: number): void {
    if (this.#kept.has(cluster)) return;
    const at = cluster * clusterBytes;
    const old = readFully(this.#disk, at, Math.min(clusterBytes, this.size - at));
    this.#options.room.take(old.length);
    try {
      writeSync(this.#store, old, 0, old.length, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      throw new StoreFullError(`no room for ${old.length} bytes of ${this.#options.drive.target}`, { cause: error });
    }
    this.#kept.add(cluster);
  }

  close(): void {
    this.#stop();
    closeSync(this.#disk);
    closeSync(this.#store);
  }

  #beforeWrite(offset: number, length: number): void {
    const { only, onFull } = this.#options;
    try {
      for (const cluster of clustersOf(offset, length)) if (only?.has(cluster) !== false) this.keep(cluster);
    } catch (error) {
      if (!(error instanceof StoreFullError) || onFull === undefined) throw error;
      onFull(error);
    }
  }
}

/** Zeros stand for what is beyond the end of the file. */
const readFully = (file: number, offset: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, offset);
  return bytes;
};
