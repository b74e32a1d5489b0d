import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DirtyBitmap } from "./dirty-bitmap.ts";
import { sidecarOf } from "./sidecar.ts";

/** The bitmaps of a disk. Those of a machine that ended without closing its disks are broken for good. */
export interface Bitmaps {
  readonly good: Map<string, DirtyBitmap>;
  readonly broken: Set<string>;
}

interface StoredBitmap {
  readonly name: string;
  /** Set while a machine uses the disk: what is stored then is not what is true. */
  readonly inUse: boolean;
  readonly clusters: readonly number[];
}

export const readBitmaps = (path: string): Bitmaps => {
  const stored = readStored(path);
  return {
    good: new Map(stored.filter(({ inUse }) => !inUse).map(({ name, clusters }) => [name, new Set(clusters)])),
    broken: new Set(stored.filter(({ inUse }) => inUse).map(({ name }) => name)),
  };
};

/** Keeps the bitmaps of a disk that no machine uses any more. */
export const writeBitmaps = (path: string, { good, broken }: Bitmaps): void =>
  writeStored(path, [
    ...[...good].map(([name, clusters]) => ({ name, inUse: false, clusters: [...clusters] })),
    ...[...broken].map((name) => ({ name, inUse: true, clusters: [] })),
  ]);

/** Notes that a machine has the disk open: whatever happens to the machine, no bitmap passes for good unless it is written again. */
export const markBitmapsInUse = (path: string): void => {
  const stored = readStored(path);
  if (stored.length > 0)
    writeStored(
      path,
      stored.map((bitmap) => ({ ...bitmap, inUse: true })),
    );
};

const fileOf = (path: string): string => join(sidecarOf(path), "bitmaps.json");

const readStored = (path: string): readonly StoredBitmap[] => {
  const file = fileOf(path);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly StoredBitmap[]) : [];
};

const writeStored = (path: string, bitmaps: readonly StoredBitmap[]): void => {
  if (bitmaps.length === 0 && !existsSync(fileOf(path))) return;
  mkdirSync(sidecarOf(path), { recursive: true });
  writeFileSync(fileOf(path), JSON.stringify(bitmaps));
};
