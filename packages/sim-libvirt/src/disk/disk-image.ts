import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { ftruncateSync, readSync, statSync, writeSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sidecarOf, snapshotFileOf } from "./sidecar.ts";

export type DiskFormat = "qcow2" | "raw";

const chunkBytes = 1_048_576;

/**
 * Makes a disk of zeros. Its file has plain bytes whatever the format, so that tests can read and hash them. The first
 * `allocated` bytes take space at once.
 */
export const createDisk = (path: string, bytes: number, format: DiskFormat, allocated = 0): void => {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "wx");
  try {
    const zeros = Buffer.alloc(Math.min(allocated, chunkBytes));
    for (let at = 0; at < allocated; at += chunkBytes)
      writeSync(file, zeros, 0, Math.min(chunkBytes, allocated - at), at);
    ftruncateSync(file, bytes);
  } finally {
    closeSync(file);
  }
  setDiskFormat(path, format);
};

/** What is known of a file besides its bytes. */
interface DiskNote {
  readonly format: DiskFormat;
  /** The file that an overlay lies on. */
  readonly backing?: string | undefined;
  /** A qcow2 of version 2, which holds no bitmaps. */
  readonly old?: boolean | undefined;
}

export const setDiskFormat = (path: string, format: DiskFormat, rest: Omit<DiskNote, "format"> = {}): void => {
  mkdirSync(sidecarOf(path), { recursive: true });
  writeFileSync(formatFileOf(path), JSON.stringify({ format, ...rest } satisfies DiskNote));
};

/** False for a qcow2 of version 2. */
export const holdsBitmaps = (path: string): boolean => readNote(path)?.old !== true;

/** The files below a disk's own, nearest first. Each overlay has all bytes: what lies below is what it once was. */
export const backingChain = (path: string): readonly string[] => {
  const backing = readNote(path)?.backing;
  return backing === undefined ? [] : [backing, ...backingChain(backing)];
};

/** Without a note of ours, the file says it by its first bytes. */
export const diskFormat = (path: string): DiskFormat => {
  const noted = notedFormat(path);
  if (noted !== undefined) return noted;
  return readDisk(path, 0, 4).toString("latin1") === "QFI\u00fb" ? "qcow2" : "raw";
};

/** What is known of a disk that the simulator has made or was given. */
export const notedFormat = (path: string): DiskFormat | undefined => readNote(path)?.format;

const readNote = (path: string): DiskNote | undefined => {
  const note = formatFileOf(path);
  return existsSync(note) ? (JSON.parse(readFileSync(note, "utf8")) as DiskNote) : undefined;
};

export const readDisk = (path: string, offset: number, length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  const file = openSync(path, "r");
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
  } finally {
    closeSync(file);
  }
};

/** Writes inside the disk; a disk does not grow. Synchronous, so that no write is ever half done when a capture starts. */
export const writeDisk = (path: string, offset: number, bytes: Uint8Array): void => {
  const size = statSync(path).size;
  if (offset < 0 || offset + bytes.length > size) {
    throw new RangeError(`${bytes.length} bytes at ${offset} do not fit into ${path}, which has ${size}`);
  }
  const file = openSync(path, "r+");
  try {
    writeSync(file, bytes, 0, bytes.length, offset);
  } finally {
    closeSync(file);
  }
};

/** SHA-256 of all bytes, in hexadecimal. */
export const hashDisk = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
};

/** Keeps the bytes of now under a name. Shares them where the file system can. */
export const captureDisk = async (path: string, snapshot: string): Promise<void> => {
  mkdirSync(sidecarOf(path), { recursive: true });
  await copyFile(path, snapshotFileOf(path, snapshot), constants.COPYFILE_FICLONE);
};

/** Puts the bytes of a snapshot back, all or nothing. */
export const restoreDisk = async (path: string, snapshot: string): Promise<void> => {
  const fresh = join(sidecarOf(path), "restoring");
  await copyFile(snapshotFileOf(path, snapshot), fresh, constants.COPYFILE_FICLONE);
  await rename(fresh, path);
};

export const forgetDiskSnapshot = (path: string, snapshot: string): Promise<void> =>
  rm(snapshotFileOf(path, snapshot), { force: true });

const formatFileOf = (path: string): string => join(sidecarOf(path), "format.json");
