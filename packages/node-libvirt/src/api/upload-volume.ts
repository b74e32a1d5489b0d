import type { ByteStream } from "../connection/byte-stream.ts";
import type { StreamConnections } from "../connection/stream-connections.ts";
import { partLength, type StreamPart } from "../connection/stream-part.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { procedures } from "../protocol/procedures.ts";
import type { VolumeRef } from "../protocol/refs.ts";
import { maxStreamBytes } from "../protocol/stream.ts";
import { defaultStallMs, streamArgs, type VolumeStreamOptions } from "./volume-stream.ts";

const procedure = procedures.storageVolUpload;
const zeroes = Buffer.alloc(maxStreamBytes);

/** Writes what the source gives. Resolves to the number of bytes, holes counted, when the daemon has confirmed them. */
export const uploadVolume = async (
  streams: StreamConnections,
  volume: VolumeRef,
  source: AsyncIterable<StreamPart>,
  options: VolumeStreamOptions,
): Promise<number> => {
  const { signal, stallMs = defaultStallMs } = options;
  const args = streamArgs(volume, options);
  const lease = await streams.acquire(signal);
  try {
    const stream = await lease.connection.openStream(procedure, args, { stallMs, signal });
    const sent = await sendAll(stream, source, options);
    await lease.release();
    return sent;
  } finally {
    await lease.drop();
  }
};

const sendAll = async (
  stream: ByteStream,
  source: AsyncIterable<StreamPart>,
  { length = Number.POSITIVE_INFINITY, sparse = false }: VolumeStreamOptions,
): Promise<number> => {
  const parts = source[Symbol.asyncIterator]();
  let sent = 0;
  try {
    // The daemon or the signal may end the stream while the source is waited for.
    const next = () => stream.orFailure(parts.next());
    for (let step = await next(); step.done !== true; step = await next()) {
      sent += checkedLength(step.value);
      if (sent > length) throw wrongSource(`gives more than the ${length} bytes that were announced`);
      await sendPart(stream, step.value, sparse);
    }
    if (Number.isFinite(length) && sent < length) throw wrongSource(`ended after ${sent} of ${length} bytes`);
    await stream.finish();
    return sent;
  } catch (error) {
    // After this the daemon writes no more, so that the volume can be removed or written anew.
    await stream.breakOff();
    // Not awaited: a source that hangs must not keep the caller.
    void Promise.resolve(parts.return?.()).catch(() => {});
    throw error;
  }
};

const sendPart = async (stream: ByteStream, part: StreamPart, sparse: boolean): Promise<void> => {
  if (part.kind === "hole" && sparse) return await stream.send(part);
  for (let at = 0, end = partLength(part); at < end; at += maxStreamBytes) {
    const size = Math.min(end - at, maxStreamBytes);
    const bytes = part.kind === "data" ? part.bytes.subarray(at, at + size) : zeroes.subarray(0, size);
    await stream.send({ kind: "data", bytes });
  }
};

const checkedLength = (part: StreamPart): number => {
  const length = partLength(part);
  if (Number.isSafeInteger(length) && (length > 0 || part.kind === "data")) return length;
  throw wrongSource(`gives a hole of ${length} bytes`);
};

const wrongSource = (what: string): InvalidArgumentError =>
  new InvalidArgumentError(`${procedure.name}: the source ${what}; the volume is written in part`);
