import { askOption, encodeOption, type OptionAnswer, type OptionReply, type Send } from "./ask-option.ts";
import { take, type ByteProgram } from "./byte-program.ts";
import { NbdError } from "./nbd-error.ts";
import { exportFlags, handshakeFlags, infos, magic, optionErrors, optionReplies, options } from "./numbers.ts";
import { protocolViolation } from "./protocol-violation.ts";

/** What both sides agreed on. */
export interface Agreement {
  readonly bytes: number;
  /** The server promises that several connections see the same bytes. */
  readonly canMultiConn: boolean;
  readonly structured: boolean;
  /** Ids of the contexts that were asked for and that the server has, by name. */
  readonly contexts: ReadonlyMap<string, number>;
  /** Reads and questions begin and end at multiples of this, in bytes. */
  readonly minBlock: number;
  /** The longest read, in bytes. */
  readonly maxRead: number;
}

export interface Wish {
  readonly exportName: string;
  readonly contexts: readonly string[];
}

/** What the protocol allows without word of the server, in bytes. */
const defaultMaxRead = 32 * 1024 * 1024;

/** Reads the server's greeting and answers it. */
export const greet = function* (send: Send): ByteProgram<void> {
  const greeting = yield* take(16);
  if (greeting.readBigUInt64BE(0) !== magic.server) throw protocolViolation("its greeting is not that of NBD");
  const style = greeting.readBigUInt64BE(8);
  if (style === magic.oldServer) throw unsupported("it speaks the old style of the protocol");
  if (style !== magic.option) throw protocolViolation("its greeting has an unknown second half");
  const flags = (yield* take(2)).readUInt16BE(0);
  if ((flags & handshakeFlags.fixedNewstyle) === 0) throw unsupported("it does not speak the fixed newstyle protocol");
  const answer = Buffer.alloc(4);
  answer.writeUInt32BE(flags & (handshakeFlags.fixedNewstyle | handshakeFlags.noZeroes));
  send(answer);
};

/** From the first byte until reads can be sent. */
export const handshake = function* (send: Send, wish: Wish): ByteProgram<Agreement> {
  yield* greet(send);
  const structured = (yield* askOption(send, options.structuredReply, Buffer.alloc(0))).is === "ack";
  const contexts = structured ? yield* askContexts(send, wish) : new Map<string, number>();
  const answer = yield* askOption(send, options.go, goData(wish.exportName));
  if (answer.is === "error") throw refused(send, wish.exportName, answer);
  return { ...readInfos(answer.replies), structured, contexts };
};

const askContexts = function* (send: Send, wish: Wish): ByteProgram<Map<string, number>> {
  const found = new Map<string, number>();
  if (wish.contexts.length === 0) return found;
  const queries = wish.contexts.map(lengthAndText);
  const data = Buffer.concat([lengthAndText(wish.exportName), uint32(queries.length), ...queries]);
  const answer = yield* askOption(send, options.setMetaContext, data);
  if (answer.is === "error") {
    if (answer.type === optionErrors.unsupported) return found;
    throw refused(send, wish.exportName, answer);
  }
  for (const { type, data: context } of answer.replies) {
    if (type !== optionReplies.metaContext || context.length < 4) throw protocolViolation("a context without an id");
    const name = context.toString("utf8", 4);
    if (!wish.contexts.includes(name) || found.has(name)) throw protocolViolation("a context that was not asked for");
    found.set(name, context.readUInt32BE(0));
  }
  if (new Set(found.values()).size < found.size) throw protocolViolation("two contexts with the same id");
  return found;
};

const goData = (exportName: string): Buffer => {
  const asked = Buffer.alloc(4);
  asked.writeUInt16BE(1, 0);
  asked.writeUInt16BE(infos.blockSize, 2);
  return Buffer.concat([lengthAndText(exportName), asked]);
};

type Infos = Pick<Agreement, "bytes" | "canMultiConn" | "minBlock" | "maxRead">;

const readInfos = (replies: readonly OptionReply[]): Infos => {
  let bytes: number | undefined;
  let canMultiConn = false;
  let sizes = { minBlock: 1, maxRead: defaultMaxRead };
  for (const { type, data } of replies) {
    if (type !== optionReplies.info || data.length < 2) throw protocolViolation("an unknown reply about the export");
    const info = data.readUInt16BE(0);
    if (info === infos.export) {
      if (data.length !== 12) throw protocolViolation("a malformed size of the export");
      bytes = Number(data.readBigUInt64BE(2));
      canMultiConn = (data.readUInt16BE(10) & exportFlags.canMultiConn) !== 0;
    } else if (info === infos.blockSize) sizes = blockSizes(data);
  }
  if (bytes === undefined) throw protocolViolation("no size of the export");
  if (!Number.isSafeInteger(bytes)) throw protocolViolation(`an export of ${bytes} bytes`);
  return { bytes, canMultiConn, ...sizes };
};

const blockSizes = (data: Buffer): Pick<Agreement, "minBlock" | "maxRead"> => {
  if (data.length !== 14) throw protocolViolation("malformed block sizes");
  const minBlock = data.readUInt32BE(2);
  const maxRead = Math.min(data.readUInt32BE(10), defaultMaxRead);
  const isPowerOfTwo = minBlock !== 0 && (minBlock & (minBlock - 1)) === 0;
  if (!isPowerOfTwo || minBlock > 65_536) throw protocolViolation(`a smallest block of ${minBlock} bytes`);
  if (maxRead < minBlock) throw protocolViolation(`a largest block of ${maxRead} bytes`);
  return { minBlock, maxRead: maxRead - (maxRead % minBlock) };
};

const refused = (send: Send, name: string, answer: OptionAnswer & { is: "error" }): NbdError => {
  send(encodeOption(options.abort, Buffer.alloc(0)));
  const message = `The NBD server refuses the export "${name}": ${answer.text}.`;
  if (answer.type === optionErrors.unknown) {
    return new NbdError("unknown-export", `${message} Is the name right, and the backup job still running?`);
  }
  if (answer.type === optionErrors.unsupported) return unsupported("it does not know the option GO");
  const help = answer.type === optionErrors.tlsRequired ? " This client has no TLS: use the server's unix socket." : "";
  return new NbdError("refused", message + help);
};

const unsupported = (why: string): NbdError =>
  new NbdError("unsupported", `The NBD server cannot be used: ${why}. Use QEMU 4.0 or newer.`);

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const lengthAndText = (text: string): Buffer => {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([uint32(bytes.length), bytes]);
};
