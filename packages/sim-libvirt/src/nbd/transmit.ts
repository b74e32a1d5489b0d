import { clusterBytes } from "../disk/dirty-bitmap.ts";
import { chunkDone, chunks, commandFlags, commands, errors, magic, maxReadBytes } from "./nbd-numbers.ts";
import type { Agreement, Wire } from "./negotiate.ts";

export interface NbdRequest {
  readonly flags: number;
  readonly command: number;
  readonly cookie: bigint;
  readonly offset: number;
  readonly length: number;
}

/** What happens to requests besides what they ask for. */
export interface Disturbance {
  /** Before a request is served; a number is an error to answer with. */
  readonly before: (request: NbdRequest) => Promise<number | undefined>;
  /** May change what was read. */
  readonly onRead: (offset: number, bytes: Buffer) => Buffer;
}

/** Serves requests until the client goes away. */
export const transmit = async (wire: Wire, agreement: Agreement, disturbance: Disturbance): Promise<void> => {
  for (;;) {
    const request = await readRequest(wire);
    if (request === undefined || request.command === commands.disconnect) return;
    if (request.command === commands.write && (await wire.reader.take(request.length)) === undefined) return;
    const error = (await disturbance.before(request)) ?? refusalOf(request, agreement);
    if (error === undefined) await serve(wire, agreement, request, disturbance);
    else await wire.write(errorReply(request, error, agreement.structured));
  }
};

const readRequest = async ({ reader }: Wire): Promise<NbdRequest | undefined> => {
  const head = await reader.take(28);
  if (head === undefined || head.readUInt32BE(0) !== magic.request) return undefined;
  return {
    flags: head.readUInt16BE(4),
    command: head.readUInt16BE(6),
    cookie: head.readBigUInt64BE(8),
    offset: Number(head.readBigUInt64BE(16)),
    length: head.readUInt32BE(24),
  };
};

const readingCommands: readonly number[] = [commands.read, commands.blockStatus, commands.cache];

const refusalOf = ({ command, offset, length }: NbdRequest, { target, contexts }: Agreement): number | undefined => {
  if (command === commands.flush) return undefined;
  if (command === commands.write || command === commands.trim) return errors.perm;
  if (!readingCommands.includes(command)) return errors.invalid;
  if (length === 0 || offset + length > target.size || (command === commands.read && length > maxReadBytes))
    return errors.invalid;
  return command === commands.blockStatus && contexts.length === 0 ? errors.invalid : undefined;
};

const serve = async (
  wire: Wire,
  { target, structured, contexts }: Agreement,
  request: NbdRequest,
  { onRead }: Disturbance,
): Promise<void> => {
  const { command, offset, length, flags } = request;
  if (command === commands.blockStatus) {
    const one = (flags & commandFlags.one) !== 0;
    for (const [id, describe] of contexts.entries()) {
      const extents = describe(offset, length).slice(0, one ? 1 : undefined);
      const body = Buffer.alloc(4 + extents.length * 8);
      body.writeUInt32BE(id, 0);
      for (const [index, extent] of extents.entries()) {
        body.writeUInt32BE(extent.length, 4 + index * 8);
        body.writeUInt32BE(extent.flags, 8 + index * 8);
      }
      await wire.write(chunk(request, chunks.blockStatus, body, id === contexts.length - 1));
    }
    return;
  }
  if (command !== commands.read) {
    await wire.write(structured ? chunk(request, chunks.none, Buffer.alloc(0), true) : simpleReply(request, 0));
    return;
  }
  const bytes = onRead(offset, target.read(offset, length));
  if (!structured) await wire.write(Buffer.concat([simpleReply(request, 0), bytes]));
  else for (const part of readChunks(request, bytes)) await wire.write(part);
};

/** Whole clusters of zeros are told and not sent, unless the client wants its answer in one piece. */
const readChunks = function* (request: NbdRequest, bytes: Buffer): Generator<Buffer> {
  const whole = (request.flags & commandFlags.dontFragment) !== 0;
  for (let at = 0; at < bytes.length;) {
    const hole = !whole && isZero(clusterAt(request.offset, bytes, at));
    let end = whole ? bytes.length : at;
    while (end < bytes.length && isZero(clusterAt(request.offset, bytes, end)) === hole)
      end += clusterAt(request.offset, bytes, end).length;
    const last = end === bytes.length;
    const body = Buffer.alloc(hole ? 12 : 8);
    body.writeBigUInt64BE(BigInt(request.offset + at), 0);
    if (hole) body.writeUInt32BE(end - at, 8);
    yield chunk(
      request,
      hole ? chunks.hole : chunks.data,
      hole ? body : Buffer.concat([body, bytes.subarray(at, end)]),
      last,
    );
    at = end;
  }
};

const clusterAt = (start: number, bytes: Buffer, at: number): Buffer => {
  const length = clusterBytes - ((start + at) % clusterBytes);
  return bytes.subarray(at, at + length);
};

const zeros = Buffer.alloc(clusterBytes);
const isZero = (bytes: Buffer): boolean => bytes.equals(zeros.subarray(0, bytes.length));

const chunk = ({ cookie }: NbdRequest, type: number, body: Buffer, last: boolean): Buffer => {
  const head = Buffer.alloc(20);
  head.writeUInt32BE(magic.structuredReply, 0);
  head.writeUInt16BE(last ? chunkDone : 0, 4);
  head.writeUInt16BE(type, 6);
  head.writeBigUInt64BE(cookie, 8);
  head.writeUInt32BE(body.length, 16);
  return Buffer.concat([head, body]);
};

const simpleReply = ({ cookie }: NbdRequest, error: number): Buffer => {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(magic.simpleReply, 0);
  head.writeUInt32BE(error, 4);
  head.writeBigUInt64BE(cookie, 8);
  return head;
};

const errorReply = (request: NbdRequest, error: number, structured: boolean): Buffer => {
  if (!structured) return simpleReply(request, error);
  const body = Buffer.alloc(6);
  body.writeUInt32BE(error, 0);
  return chunk(request, chunks.error, body, true);
};
