import type { ByteReader } from "./byte-reader.ts";
import { handshakeFlags, infos, magic, maxReadBytes, options, replies, transmissionFlags } from "./nbd-numbers.ts";
import type { Describe, NbdExport } from "./nbd-export.ts";

/** What client and server have agreed on. */
export interface Agreement {
  readonly target: NbdExport;
  readonly structured: boolean;
  /** The contexts that BLOCK_STATUS tells of; a context's id is its place. */
  readonly contexts: readonly Describe[];
}

export interface Wire {
  readonly reader: ByteReader;
  readonly write: (bytes: Buffer) => Promise<void>;
}

interface Wishes {
  structured: boolean;
  /** Contexts that were chosen, for the export that they were chosen for. */
  chosen: { readonly exportName: string; readonly contexts: readonly Describe[] } | undefined;
}

const preferredBytes = 4096;
const maxOptionBytes = 65_536;

/** The handshake; `undefined` when the client goes away or says something that is none. */
export const negotiate = async (wire: Wire, exports: readonly NbdExport[]): Promise<Agreement | undefined> => {
  const greeting = Buffer.alloc(18);
  greeting.writeBigUInt64BE(magic.server, 0);
  greeting.writeBigUInt64BE(magic.option, 8);
  greeting.writeUInt16BE(handshakeFlags.fixedNewstyle | handshakeFlags.noZeroes, 16);
  await wire.write(greeting);
  const clientFlags = (await wire.reader.take(4))?.readUInt32BE(0);
  if (clientFlags === undefined) return undefined;
  const wishes: Wishes = { structured: false, chosen: undefined };
  for (;;) {
    const head = await wire.reader.take(16);
    if (head === undefined || head.readBigUInt64BE(0) !== magic.option) return undefined;
    const option = head.readUInt32BE(8);
    const length = head.readUInt32BE(12);
    if (length > maxOptionBytes) return undefined;
    const data = await wire.reader.take(length);
    if (data === undefined) return undefined;
    if (option === options.exportName) return enterOldWay(wire, exports, data, clientFlags, wishes);
    const target = await answerOption(wire, exports, option, data, wishes);
    if (target === "gone") return undefined;
    if (target !== "more") return agree(target, wishes);
  }
};

const agree = (target: NbdExport, { structured, chosen }: Wishes): Agreement => ({
  target,
  structured,
  contexts: chosen?.exportName === target.name ? chosen.contexts : [],
});

/** EXPORT_NAME has no way to refuse but hanging up. */
const enterOldWay = async (
  wire: Wire,
  exports: readonly NbdExport[],
  data: Buffer,
  clientFlags: number,
  wishes: Wishes,
): Promise<Agreement | undefined> => {
  const target = exports.find(({ name }) => name === data.toString());
  if (target === undefined) return undefined;
  const zeroes = (clientFlags & handshakeFlags.noZeroes) === 0 ? 124 : 0;
  const reply = Buffer.alloc(10 + zeroes);
  reply.writeBigUInt64BE(BigInt(target.size), 0);
  reply.writeUInt16BE(transmissionFlags, 8);
  await wire.write(reply);
  return agree(target, wishes);
};

const answerOption = async (
  wire: Wire,
  exports: readonly NbdExport[],
  option: number,
  data: Buffer,
  wishes: Wishes,
): Promise<NbdExport | "more" | "gone"> => {
  const reply = (type: number, body: Buffer = Buffer.alloc(0)) => wire.write(optionReply(option, type, body));
  switch (option) {
    case options.abort:
      await reply(replies.ack);
      return "gone";
    case options.list:
      for (const { name } of exports) await reply(replies.server, sized(Buffer.from(name)));
      await reply(replies.ack);
      return "more";
    case options.structuredReply:
      wishes.structured = true;
      await reply(replies.ack);
      return "more";
    case options.listMetaContext:
    case options.setMetaContext:
      await answerContexts(reply, exports, option, data, wishes);
      return "more";
    case options.info:
    case options.go: {
      const target = exports.find(({ name }) => name === readName(data));
      await (target === undefined ? reply(replies.unknown) : describeExport(reply, target));
      return target !== undefined && option === options.go ? target : "more";
    }
    default:
      await reply(replies.unsupported);
      return "more";
  }
};

type Reply = (type: number, body?: Buffer) => Promise<void>;

const describeExport = async (reply: Reply, { size }: NbdExport): Promise<void> => {
  const about = Buffer.alloc(12);
  about.writeUInt16BE(infos.export, 0);
  about.writeBigUInt64BE(BigInt(size), 2);
  about.writeUInt16BE(transmissionFlags, 10);
  await reply(replies.info, about);
  const blocks = Buffer.alloc(14);
  blocks.writeUInt16BE(infos.blockSize, 0);
  blocks.writeUInt32BE(1, 2);
  blocks.writeUInt32BE(preferredBytes, 6);
  blocks.writeUInt32BE(maxReadBytes, 10);
  await reply(replies.info, blocks);
  await reply(replies.ack);
};

const answerContexts = async (
  reply: Reply,
  exports: readonly NbdExport[],
  option: number,
  data: Buffer,
  wishes: Wishes,
): Promise<void> => {
  const asked = readContextQuery(data);
  if (asked === undefined || !wishes.structured) return reply(replies.invalid);
  const target = exports.find(({ name }) => name === asked.exportName);
  if (target === undefined) return reply(replies.unknown);
  const all = [...target.contexts];
  const listing = option === options.listMetaContext;
  const found = all.filter(([name]) => (listing && asked.queries.length === 0) || asked.queries.some(matches(name)));
  for (const [id, [name]] of found.entries()) {
    const body = Buffer.alloc(4 + Buffer.byteLength(name));
    body.writeUInt32BE(listing ? 0 : id, 0);
    body.write(name, 4);
    await reply(replies.metaContext, body);
  }
  if (!listing) wishes.chosen = { exportName: target.name, contexts: found.map(([, describe]) => describe) };
  return reply(replies.ack);
};

/** A query that ends after its namespace asks for all in it. */
const matches =
  (name: string) =>
  (query: string): boolean =>
    query === name || (query.endsWith(":") && name.startsWith(query));

const readName = (data: Buffer): string => data.subarray(4, 4 + readLength(data, 0)).toString();

/** A length that lies about the rest of the message reads as too long. */
const readLength = (data: Buffer, at: number): number => (data.length >= at + 4 ? data.readUInt32BE(at) : 0);

const readContextQuery = (
  data: Buffer,
): { readonly exportName: string; readonly queries: readonly string[] } | undefined => {
  const exportName = readName(data);
  let at = 4 + Buffer.byteLength(exportName) + 4;
  const queries: string[] = [];
  for (let left = readLength(data, at - 4); left > 0; left--) {
    const length = readLength(data, at);
    if (at + 4 + length > data.length) return undefined;
    queries.push(data.subarray(at + 4, at + 4 + length).toString());
    at += 4 + length;
  }
  return { exportName, queries };
};

const sized = (text: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
};

const optionReply = (option: number, type: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(20);
  head.writeBigUInt64BE(magic.optionReply, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(type, 12);
  head.writeUInt32BE(body.length, 16);
  return Buffer.concat([head, body]);
};
