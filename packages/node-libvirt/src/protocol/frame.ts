import { ProtocolError } from "../errors/protocol-error.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { maxMessageBytes } from "./limits.ts";

/** Length word and six header words. */
export const headerBytes = 28;

/** What a message is, by its number on the wire. */
export const messageTypes = [
  "call",
  "reply",
  "event",
  "stream",
  "call-with-fds",
  "reply-with-fds",
  "stream-hole",
] as const;
export type MessageType = (typeof messageTypes)[number];

/** `continue` occurs in streams only. */
export const messageStatuses = ["ok", "error", "continue"] as const;
export type MessageStatus = (typeof messageStatuses)[number];

export interface FrameHeader {
  readonly program: number;
  readonly version: number;
  /** Number of the procedure or of the event message, within its program. */
  readonly proc: number;
  readonly type: MessageType;
  /** Chosen by the caller; the reply repeats it. 0 for events and keepalive. */
  readonly serial: number;
  readonly status: MessageStatus;
}

/** One message: `length, program, version, procedure, type, serial, status`, then the body. */
export interface Frame {
  readonly header: FrameHeader;
  readonly body: Buffer;
}

/** @throws {InvalidArgumentError} when the message is larger than the protocol allows. */
export const encodeFrame = (header: FrameHeader, body: Uint8Array): Buffer => {
  const length = headerBytes + body.length;
  if (length > maxMessageBytes) {
    throw new InvalidArgumentError(`a message of ${length} bytes, at most ${maxMessageBytes} are allowed`);
  }
  const frame = Buffer.alloc(length);
  const words = [
    length,
    header.program,
    header.version,
    header.proc,
    messageTypes.indexOf(header.type),
    header.serial,
    messageStatuses.indexOf(header.status),
  ];
  for (const [index, word] of words.entries()) frame.writeUInt32BE(word, index * 4);
  frame.set(body, headerBytes);
  return frame;
};

/** @throws {ProtocolError} for a frame that is shorter than its header, or of an unknown type or status. */
export const decodeFrame = (frame: Buffer): Frame => {
  if (frame.length < headerBytes)
    throw new ProtocolError(`a message of ${frame.length} bytes, too short for its header`);
  const word = (index: number) => frame.readUInt32BE(index * 4);
  const type = messageTypes[word(4)];
  const status = messageStatuses[word(6)];
  if (type === undefined) throw new ProtocolError(`a message of the unknown type ${word(4)}`);
  if (status === undefined) throw new ProtocolError(`a message of the unknown status ${word(6)}`);
  const header = { program: word(1), version: word(2), proc: word(3), type, serial: word(5), status };
  return { header, body: frame.subarray(headerBytes) };
};
