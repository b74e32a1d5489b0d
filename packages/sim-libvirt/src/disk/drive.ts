import { clustersOf } from "./dirty-bitmap.ts";
import { writeDisk } from "./disk-image.ts";
import { markBitmapsInUse, readBitmaps, writeBitmaps, type Bitmaps } from "./stored-bitmaps.ts";

/** Is told of a write before it happens, and may refuse it by throwing. */
export type BeforeWrite = (offset: number, length: number) => void;

interface Opened {
  readonly target: string;
  readonly format: string;
  readonly path: string;
  /** Nobody writes to it, and what its file knows of changes stays as it is. */
  readonly readonly: boolean;
}

/** A disk that a running machine has open: its bitmaps record what is written, and a backup sees each write before it happens. */
export class Drive {
  readonly target: string;
  readonly format: string;
  /** Changes when the machine is moved to another file. */
  path: string;
  readonly bitmaps: Bitmaps;
  readonly #watchers = new Set<BeforeWrite>();
  readonly #readonly: boolean;

  constructor({ target, format, path, readonly }: Opened) {
    this.target = target;
    this.format = format;
    this.path = path;
    this.bitmaps = readBitmaps(path);
    this.#readonly = readonly;
    if (!readonly) markBitmapsInUse(path);
  }

  /** Returns how to stop watching. */
  watch(watcher: BeforeWrite): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** @throws what a watcher throws; nothing is written then */
  write(offset: number, bytes: Uint8Array): void {
    for (const watcher of this.#watchers) watcher(offset, bytes.length);
    writeDisk(this.path, offset, bytes);
    for (const bitmap of this.bitmaps.good.values()) {
      for (const cluster of clustersOf(offset, bytes.length)) bitmap.add(cluster);
    }
  }

  /** The machine has ended in order. Without this, as in a crash, the bitmaps are broken. */
  close(): void {
    if (!this.#readonly) writeBitmaps(this.path, this.bitmaps);
  }
}
