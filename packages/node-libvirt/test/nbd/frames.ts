// What a server sends, as bytes: for scripted servers and fuzzing.
import { chunkFlags, chunkTypes, handshakeFlags, infos, magic, optionReplies } from "../../src/nbd/numbers.ts";

export const uint16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};

export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

export const uint64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

const none = Buffer.alloc(0);

export const greeting = (flags: number = handshakeFlags.fixedNewstyle | handshakeFlags.noZeroes): Buffer =>
  Buffer.concat([uint64(magic.server), uint64(magic.option), uint16(flags)]);

export const optionReply = (option: number, type: number, data: Buffer = none): Buffer =>
  Buffer.concat([uint64(magic.optionReply), uint32(option), uint32(type), uint32(data.length), data]);

export const ack = (option: number): Buffer => optionReply(option, optionReplies.ack);

export const exportInfo = (bytes: number | bigint, flags = 1): Buffer =>
  Buffer.concat([uint16(infos.export), uint64(bytes), uint16(flags)]);

export const blockSizeInfo = (min: number, preferred: number, max: number): Buffer =>
  Buffer.concat([uint16(infos.blockSize), uint32(min), uint32(preferred), uint32(max)]);

export const contextReply = (option: number, id: number, name: string): Buffer =>
  optionReply(option, optionReplies.metaContext, Buffer.concat([uint32(id), Buffer.from(name)]));

export const chunk = (cookie: bigint, type: number, payload: Buffer = none, flags: number = chunkFlags.done): Buffer =>
  Buffer.concat([uint32(magic.chunk), uint16(flags), uint16(type), uint64(cookie), uint32(payload.length), payload]);

export const dataPayload = (offset: number, data: Uint8Array): Buffer => Buffer.concat([uint64(offset), data]);

export const holePayload = (offset: number, length: number): Buffer => Buffer.concat([uint64(offset), uint32(length)]);

export const statusPayload = (
  context: number,
  extents: readonly (readonly [length: number, flags: number])[],
): Buffer =>
  Buffer.concat([uint32(context), ...extents.map(([length, flags]) => Buffer.concat([uint32(length), uint32(flags)]))]);

export const errorPayload = (errno: number, text = "", offset?: number): Buffer =>
  Buffer.concat([
    uint32(errno),
    uint16(Buffer.byteLength(text)),
    Buffer.from(text),
    offset === undefined ? none : uint64(offset),
  ]);

export const simpleReply = (cookie: bigint, errno: number, data: Uint8Array = none): Buffer =>
  Buffer.concat([uint32(magic.simpleReply), uint32(errno), uint64(cookie), data]);

export const lastChunk = (cookie: bigint): Buffer => chunk(cookie, chunkTypes.none);
