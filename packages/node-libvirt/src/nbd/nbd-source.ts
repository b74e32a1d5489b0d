import { encodeDisconnect } from "./encode-disconnect.ts";
import { rangesOf, toldBytes, type Extents } from "./extents.ts";
import type { Agreement } from "./handshake.ts";
import type { NbdConnection } from "./nbd-connection.ts";
import { NbdError } from "./nbd-error.ts";
import { readAnswer, statusAnswer } from "./pending-request.ts";
import { protocolViolation } from "./protocol-violation.ts";
import { RangeJoiner } from "./range-joiner.ts";
import type { Range } from "./range.ts";

/** An export that is open for reading. */
export interface NbdSource {
  /** Size of the disk. */
  readonly bytes: number;
  /**
   * In order of offset, without overlap; neighbours of a kind are joined, but for ranges of 1 GiB and more. Without a dirty
   * bitmap without gaps from 0 to `bytes`; with one, what it calls dirty. Asks as it is read; memory does not grow.
   * @throws {NbdError}
   */
  readonly ranges: (signal: AbortSignal) => AsyncGenerator<Range, void, void>;
  /**
   * Fills `into` (may be a view of a SharedArrayBuffer) from `offset` on. Calls may overlap in time. When it has been rejected,
   * nothing writes to `into` any more.
   * @throws {NbdError}
   */
  readonly read: (offset: number, into: Uint8Array, signal: AbortSignal) => Promise<void>;
  /** Takes leave of the server. Never fails. */
  readonly close: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Bytes that are asked about at once. */
const spanBytes = 1024 ** 3;
/** The finest that a server tells with sense: below it a disk would be asked about for ever. */
const leastProgressBytes = 512;
/**
 * Longer reads are split, so that the server works ahead while the bytes are taken from the socket. QEMU spends half the
 * time on requests of 512 KiB that it spends on larger ones (measured with 7.2: it gets new memory for each of those).
 */
const maxReadBytes = 512 * 1024;

/** Ids of the contexts that were agreed on; neither means that all is data. */
export interface ContextIds {
  readonly allocation: number | undefined;
  readonly dirty: number | undefined;
}

export const nbdSource = (
  connections: readonly [NbdConnection, ...NbdConnection[]],
  terms: Agreement,
  contexts: ContextIds,
): NbdSource => {
  const close = async () => {
    await Promise.all(connections.map((connection) => connection.close(encodeDisconnect())));
  };
  return {
    bytes: terms.bytes,
    ranges: (signal) => askRanges(connections[0], terms, contexts, signal),
    read: (offset, into, signal) => readSplit(connections, terms, { offset, into, signal }),
    close,
    [Symbol.asyncDispose]: close,
  };
};

interface Read {
  readonly offset: number;
  readonly into: Uint8Array;
  readonly signal: AbortSignal;
}

const readSplit = async (connections: readonly NbdConnection[], terms: Agreement, read: Read): Promise<void> => {
  const { offset, into, signal } = read;
  checkBounds(terms, offset, into.length);
  const size = Math.min(terms.maxRead, maxReadBytes);
  if (into.length <= size) return await readOnce(connections, read);
  const parts: Promise<void>[] = [];
  for (let at = 0; at < into.length; at += size) {
    parts.push(readOnce(connections, { offset: offset + at, into: into.subarray(at, at + size), signal }));
  }
  // All must have ended before the caller may use the memory for something else.
  const failed = (await Promise.allSettled(parts)).find((part) => part.status === "rejected");
  if (failed !== undefined) throw failed.reason;
};

const readOnce = async (connections: readonly NbdConnection[], { offset, into, signal }: Read): Promise<void> => {
  if (into.length === 0) return;
  const idlest = connections.reduce((best, next) => (next.unanswered < best.unanswered ? next : best));
  await idlest.request(offset, into.length, readAnswer(into), signal);
};

const checkBounds = ({ bytes, minBlock }: Agreement, offset: number, length: number): void => {
  const what = `Cannot read ${length} bytes at offset ${offset}`;
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > bytes) {
    throw new NbdError("invalid-argument", `${what}: the disk has ${bytes} bytes.`);
  }
  if (offset % minBlock !== 0 || length % minBlock !== 0) {
    throw new NbdError("invalid-argument", `${what}: this server reads whole blocks of ${minBlock} bytes.`);
  }
};

const askRanges = async function* (
  connection: NbdConnection,
  { bytes }: Agreement,
  contexts: ContextIds,
  signal: AbortSignal,
): AsyncGenerator<Range, void, void> {
  const joiner = new RangeJoiner();
  for (let offset = 0; offset < bytes;) {
    const length = Math.min(spanBytes, bytes - offset);
    const extents = await askExtents(connection, contexts, { offset, length, signal });
    const told = toldBytes(extents, length);
    if (told < Math.min(length, leastProgressBytes)) throw protocolViolation(`word of ${told} bytes at a time`);
    for (const range of rangesOf(extents, offset, told)) {
      const ended = joiner.add(range);
      if (ended !== undefined) yield ended;
    }
    offset += told;
    const large = joiner.flush("large");
    if (large !== undefined) yield large;
  }
  const last = joiner.flush("end");
  if (last !== undefined) yield last;
};

interface Span {
  readonly offset: number;
  readonly length: number;
  readonly signal: AbortSignal;
}

const askExtents = async (connection: NbdConnection, contexts: ContextIds, span: Span): Promise<Extents> => {
  const { allocation, dirty } = contexts;
  const ids = [allocation, dirty].filter((id) => id !== undefined);
  if (ids.length === 0) return { allocation: undefined, dirty: undefined };
  const answer = statusAnswer(ids);
  await connection.request(span.offset, span.length, answer, span.signal);
  const of = (id: number | undefined) => (id === undefined ? undefined : answer.extents.get(id));
  return { allocation: of(allocation), dirty: of(dirty) };
};
