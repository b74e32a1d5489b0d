import type { StreamConnections } from "../connection/stream-connections.ts";
import { partLength, type StreamPart } from "../connection/stream-part.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { procedures } from "../protocol/procedures.ts";
import type { VolumeRef } from "../protocol/refs.ts";
import { defaultStallMs, streamArgs, type VolumeStreamOptions } from "./volume-stream.ts";

const procedure = procedures.storageVolDownload;

/** The bytes of a volume, as they come. Nothing happens before the first is asked for. */
export async function* downloadVolume(
  streams: StreamConnections,
  volume: VolumeRef,
  options: VolumeStreamOptions,
): AsyncGenerator<StreamPart, void, undefined> {
  const { length = Number.POSITIVE_INFINITY, signal, stallMs = defaultStallMs } = options;
  const args = streamArgs(volume, options);
  if (length === 0) return;
  const lease = await streams.acquire(signal);
  // Whoever takes the parts may be busy elsewhere when the signal fires.
  const drop = () => void lease.drop();
  try {
    const stream = await lease.connection.openStream(procedure, args, { stallMs, signal });
    signal?.addEventListener("abort", drop, { once: true });
    let taken = 0;
    for (let part = await stream.next(); part !== undefined; part = await stream.next()) {
      taken += partLength(part);
      if (taken > length) throw wrongLength(`goes on after the ${length} bytes that were asked for`);
      yield part;
    }
    await stream.finish();
    if (Number.isFinite(length) && taken < length) throw wrongLength(`ended after ${taken} of ${length} bytes`);
    await lease.release();
  } finally {
    signal?.removeEventListener("abort", drop);
    await lease.drop();
  }
}

const wrongLength = (what: string): ProtocolError => new ProtocolError(`${procedure.name}: the stream ${what}`);
