import { failure, type DiskSource } from "@quiesce/core";
import type { LibvirtReader, StreamPart, VolumeRef } from "@quiesce/node-libvirt";

/**
 * A volume's file as a disk's content, by one download from its beginning: reads in order of offset cost nothing but their bytes,
 * and holes are not sent. A read further back begins a new download there.
 */
export const contentSource = (
  { volumes }: Pick<LibvirtReader, "volumes">,
  volume: VolumeRef,
  bytes: number,
): DiskSource => {
  const closed = new AbortController();
  let stream: AsyncGenerator<StreamPart, void, undefined> | undefined;
  let at = 0;
  let rest: StreamPart | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const open = async (offset: number): Promise<AsyncGenerator<StreamPart, void, undefined>> => {
    await stream?.return();
    at = offset;
    rest = undefined;
    return volumes.download(volume, { offset, sparse: true, signal: closed.signal });
  };
  /** The next bytes, at most so many. */
  const take = async (from: AsyncGenerator<StreamPart, void, undefined>, most: number): Promise<StreamPart> => {
    if (rest === undefined) {
      const { value, done } = await from.next();
      if (done === true) throw shrunk(volume, at);
      rest = value;
    }
    const part = rest;
    const length = Math.min(lengthOf(part), most);
    at += length;
    rest = length === lengthOf(part) ? undefined : dropped(part, length);
    return part.kind === "data" ? { kind: "data", bytes: part.bytes.subarray(0, length) } : { kind: "hole", length };
  };
  const fill = async (offset: number, into: Uint8Array, signal: AbortSignal): Promise<void> => {
    stream = stream === undefined || offset < at ? await open(offset) : stream;
    while (at < offset) await take(stream, offset - at);
    for (let filled = 0; filled < into.length;) {
      signal.throwIfAborted();
      const part = await take(stream, into.length - filled);
      if (part.kind === "data") into.set(part.bytes, filled);
      else into.fill(0, filled, filled + part.length);
      filled += lengthOf(part);
    }
  };
  return {
    bytes,
    ranges: async function* () {
      if (bytes > 0) yield { offset: 0, length: bytes, is: "data" };
    },
    read: (offset, into, signal) => {
      const mine = turn.then(() => fill(offset, into, signal));
      turn = mine.catch(() => {});
      return mine;
    },
    close: async () => {
      closed.abort();
      await stream?.return().catch(() => {});
    },
  };
};

const lengthOf = (part: StreamPart): number => (part.kind === "data" ? part.bytes.length : part.length);

const dropped = (part: StreamPart, length: number): StreamPart =>
  part.kind === "data"
    ? { kind: "data", bytes: part.bytes.subarray(length) }
    : { kind: "hole", length: part.length - length };

const shrunk = ({ pool, name }: VolumeRef, at: number) =>
  failure("conflict", `The volume ${pool}/${name} ended at byte ${at}, earlier than before: somebody works on it.`);
