import { maxStreamBytes } from "@quiesce/node-libvirt/protocol";
import { statSync } from "node:fs";
import type { ServerStream, StreamPart } from "../calls/server-stream.ts";
import { containerSize, readContainer } from "../disk/container.ts";
import { diskFormat, readDisk } from "../disk/disk-image.ts";
import type { Volume } from "./volume.ts";

/** Which bytes of a volume. */
export interface VolumeRange {
  readonly offset: number;
  /** 0 for all from there on. */
  readonly length: number;
  /** Holes are told, not sent. */
  readonly sparse: boolean;
}

/** The bytes of the volume's file: of a qcow2 the container, not what the guest sees. Whether a guest writes is not asked. */
export const downloadVolume = ({ path }: Volume, { offset, length, sparse }: VolumeRange): ServerStream => {
  const packed = diskFormat(path) === "qcow2";
  const total = packed ? containerSize(path) : statSync(path).size;
  const end = length === 0 ? total : Math.min(total, offset + length);
  const read = packed ? readContainer : readDisk;
  return { kind: "download", parts: partsOf((at, bytes) => read(path, at, bytes), offset, end, sparse) };
};

/** Bytes that a hole is made of, as in the host's file system. */
const pageBytes = 4096;
/** Whole pages, as many as fit into one message. */
const pieceBytes = Math.floor(maxStreamBytes / pageBytes) * pageBytes;

const partsOf = function* (
  read: (at: number, bytes: number) => Buffer,
  offset: number,
  end: number,
  sparse: boolean,
): Generator<StreamPart> {
  let hole = 0;
  for (let at = offset; at < end;) {
    const piece = read(at, Math.min(pieceBytes, end - at));
    // The file has become shorter meanwhile.
    if (piece.length === 0) break;
    at += piece.length;
    for (const part of sparse ? splitAtHoles(piece) : [{ data: piece }]) {
      if ("hole" in part) hole += part.hole;
      else {
        if (hole > 0) yield { hole };
        hole = 0;
        yield part;
      }
    }
  }
  if (hole > 0) yield { hole };
};

const splitAtHoles = function* (piece: Buffer): Generator<StreamPart> {
  for (let from = 0; from < piece.length;) {
    const isHole = isZero(pageAt(piece, from));
    let to = from;
    while (to < piece.length && isZero(pageAt(piece, to)) === isHole) to += pageAt(piece, to).length;
    yield isHole ? { hole: to - from } : { data: piece.subarray(from, to) };
    from = to;
  }
};

const pageAt = (piece: Buffer, at: number): Buffer => piece.subarray(at, at + pageBytes);
const zeros = Buffer.alloc(pageBytes);
const isZero = (page: Buffer): boolean => page.equals(zeros.subarray(0, page.length));
