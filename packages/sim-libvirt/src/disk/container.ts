import { closeSync, copyFileSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { clusterBytes } from "./dirty-bitmap.ts";
import { readDisk } from "./disk-image.ts";

/*
 * A qcow2 disk lies in its file as the plain bytes that its guest sees. Who moves the file as it is, moves another thing: the
 * container, with a header that says the guest's size. Here it is one cluster of header and the plain bytes.
 */

const headerBytes = clusterBytes;
const magic = 0x5146_49fb;
const version = 3;
const places = { magic: 0, version: 4, clusterBits: 20, size: 24 };

/** Bytes of the container of a disk. */
export const containerSize = (path: string): number => headerBytes + statSync(path).size;

/** Bytes of a disk's container. */
export const readContainer = (path: string, offset: number, length: number): Buffer => {
  const fromHeader = header(statSync(path).size).subarray(offset, offset + length);
  const from = Math.max(0, offset - headerBytes);
  return Buffer.concat([fromHeader, readDisk(path, from, Math.max(0, length - fromHeader.length))]);
};

const header = (size: number): Buffer => {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt32BE(magic, places.magic);
  bytes.writeUInt32BE(version, places.version);
  bytes.writeUInt32BE(Math.log2(clusterBytes), places.clusterBits);
  bytes.writeBigUInt64BE(BigInt(size), places.size);
  return bytes;
};

/** Makes a disk's file what a container holds; false when it is no container, and then the file is those bytes. */
export const unpackContainer = (container: string, path: string): boolean => {
  const head = readDisk(container, 0, headerBytes);
  if (head.length < headerBytes || head.readUInt32BE(places.magic) !== magic) {
    copyFileSync(container, path);
    return false;
  }
  copyTail(container, path, Number(head.readBigUInt64BE(places.size)));
  return true;
};

const copyTail = (container: string, path: string, size: number): void => {
  const from = openSync(container, "r");
  const to = openSync(path, "w");
  try {
    const buffer = Buffer.alloc(1_048_576);
    for (let at = 0; at < size;) {
      const length = readSync(from, buffer, 0, Math.min(buffer.length, size - at), headerBytes + at);
      if (length === 0) break;
      writeSync(to, buffer, 0, length, at);
      at += length;
    }
    ftruncateSync(to, size);
  } finally {
    closeSync(from);
    closeSync(to);
  }
};
