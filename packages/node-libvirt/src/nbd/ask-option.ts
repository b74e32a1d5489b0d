import { take, type ByteProgram } from "./byte-program.ts";
import { magic, maxStringBytes, optionErrorBit, optionErrors, optionReplies } from "./numbers.ts";
import { protocolViolation } from "./protocol-violation.ts";
import { serverText } from "./server-text.ts";

/** The replies to one option: its `ack` with what came before it, or an error. */
export type OptionAnswer =
  | { readonly is: "ack"; readonly replies: readonly OptionReply[] }
  | { readonly is: "error"; readonly type: number; readonly text: string };

export interface OptionReply {
  readonly type: number;
  readonly data: Buffer;
}

export type Send = (bytes: Uint8Array) => void;

/** A name, a description and their lengths. */
const maxReplyBytes = 2 * maxStringBytes + 64;
/** All replies to one option together; a list of ten thousand exports has half of it. */
const maxAnswerBytes = 1024 * 1024;
const headerBytes = 20;

/** Sends one option and reads its replies. */
export const askOption = function* (send: Send, option: number, data: Buffer): ByteProgram<OptionAnswer> {
  send(encodeOption(option, data));
  const replies: OptionReply[] = [];
  let bytes = 0;
  for (;;) {
    const reply = yield* readReply(option);
    if (reply.type === optionReplies.ack) return { is: "ack", replies };
    if (reply.type >= optionErrorBit) return { is: "error", type: reply.type, text: errorText(reply) };
    bytes += headerBytes + reply.data.length;
    if (bytes > maxAnswerBytes)
      throw protocolViolation(`more than ${maxAnswerBytes} bytes in answer to option ${option}`);
    replies.push(reply);
  }
};

export const encodeOption = (option: number, data: Buffer): Buffer => {
  const bytes = Buffer.alloc(16 + data.length);
  bytes.writeBigUInt64BE(magic.option, 0);
  bytes.writeUInt32BE(option, 8);
  bytes.writeUInt32BE(data.length, 12);
  bytes.set(data, 16);
  return bytes;
};

const readReply = function* (option: number): ByteProgram<OptionReply> {
  const header = yield* take(headerBytes);
  if (header.readBigUInt64BE(0) !== magic.optionReply) throw protocolViolation("no option reply where one must be");
  const about = header.readUInt32BE(8);
  if (about !== option) throw protocolViolation(`an answer about option ${about} to option ${option}`);
  const length = header.readUInt32BE(16);
  if (length > maxReplyBytes) throw protocolViolation(`an option reply of ${length} bytes`);
  return { type: header.readUInt32BE(12), data: yield* take(length) };
};

const meanings: Readonly<Record<number, string>> = {
  [optionErrors.unsupported]: "the server does not know this option",
  [optionErrors.policy]: "the server's policy forbids it",
  [optionErrors.invalid]: "the server calls the request invalid",
  [optionErrors.platform]: "the server's platform cannot do it",
  [optionErrors.tlsRequired]: "the server demands TLS",
  [optionErrors.unknown]: "the server has no such export",
  [optionErrors.shutdown]: "the server is shutting down",
  [optionErrors.blockSizeRequired]: "the server demands its block sizes",
  [optionErrors.tooBig]: "the server calls the request too large",
};

const errorText = ({ type, data }: OptionReply): string => {
  const meaning = meanings[type] ?? `error 0x${type.toString(16)}`;
  const own = serverText(data);
  return own === "" ? meaning : `${meaning} (it says: ${own})`;
};
