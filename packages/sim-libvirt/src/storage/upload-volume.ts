import { closeSync, ftruncateSync, fstatSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { ServerStream, StreamPart } from "../calls/server-stream.ts";
import { unpackContainer } from "../disk/container.ts";
import { diskFormat, setDiskFormat } from "../disk/disk-image.ts";
import { sidecarOf } from "../disk/sidecar.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { Failure } from "../failure/failure.ts";
import type { VolumeRange } from "./download-volume.ts";
import type { Volume } from "./volume.ts";

/**
 * Writes to the volume's file, also beyond its capacity, as the real daemon does when no length is given. A qcow2 takes a
 * container; what is none makes its file unusable.
 */
export const uploadVolume = ({ path }: Volume, range: VolumeRange): ServerStream => {
  if (diskFormat(path) === "raw") return writeTo(openSync(path, "r+"), range, () => {});
  mkdirSync(sidecarOf(path), { recursive: true });
  const container = join(sidecarOf(path), "uploading");
  return writeTo(openSync(container, "w"), range, () => {
    if (!unpackContainer(container, path)) setDiskFormat(path, "raw");
    rmSync(container);
  });
};

const writeTo = (file: number, { offset, length }: VolumeRange, closed: () => void): ServerStream => {
  let at = offset;
  const write = (part: StreamPart): void => {
    const wanted = "data" in part ? part.data.length : part.hole;
    const left = length === 0 ? Infinity : offset + length - at;
    if (wanted > left) {
      const text = "cannot write to stream: No space left on device";
      throw new Failure(errorCodes["system-error"].code, errorDomains.streams, text);
    }
    if ("data" in part) writeSync(file, part.data, 0, wanted, at);
    else skip(file, at, wanted);
    at += wanted;
  };
  const close = () => {
    closeSync(file);
    closed();
  };
  return { kind: "upload", write, finish: close, abandon: close };
};

/** A hole reads as zeros, whatever was there. */
const skip = (file: number, at: number, bytes: number): void => {
  const { size } = fstatSync(file);
  const zeros = Buffer.alloc(1_048_576);
  for (let done = 0; at + done < Math.min(size, at + bytes); done += zeros.length) {
    writeSync(file, zeros, 0, Math.min(zeros.length, size - at - done, bytes - done), at + done);
  }
  if (size < at + bytes) ftruncateSync(file, at + bytes);
};
