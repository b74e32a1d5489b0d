import { take, type ByteProgram } from "./byte-program.ts";
import { fillFromStream, readDataChunk, readHoleChunk } from "./data-chunk.ts";
import { readErrorChunk, serverError } from "./error-chunk.ts";
import { chunkFlags, chunkTypes, magic } from "./numbers.ts";
import type { PendingRequest } from "./pending-request.ts";
import { protocolViolation } from "./protocol-violation.ts";
import { readStatusChunk } from "./status-chunk.ts";

/** The requests whose answers have not come in full. */
export interface Unanswered {
  readonly find: (cookie: number) => PendingRequest | undefined;
  readonly finish: (cookie: number) => void;
}

/** Reads answers for as long as the connection lasts. */
export const readReplies = function* (unanswered: Unanswered, structured: boolean): ByteProgram<never> {
  for (;;) {
    const kind = (yield* take(4)).readUInt32BE(0);
    if (kind !== (structured ? magic.chunk : magic.simpleReply)) throw protocolViolation("no reply where one must be");
    yield* structured ? readChunk(unanswered) : readSimpleReply(unanswered);
  }
};

const readSimpleReply = function* (unanswered: Unanswered): ByteProgram<void> {
  const header = yield* take(12);
  const [cookie, request] = requestOf(unanswered, header, 4);
  const errno = header.readUInt32BE(0);
  if (errno === 0) yield* fillFromStream(request, 0, request.length);
  else request.noteServerError(serverError(request, errno));
  unanswered.finish(cookie);
};

const readChunk = function* (unanswered: Unanswered): ByteProgram<void> {
  const header = yield* take(16);
  const flags = header.readUInt16BE(0);
  const type = header.readUInt16BE(2);
  const [cookie, request] = requestOf(unanswered, header, 4);
  const isDone = (flags & chunkFlags.done) !== 0;
  yield* readPayload(request, type, header.readUInt32BE(12), isDone);
  if (isDone) unanswered.finish(cookie);
};

const readPayload = (request: PendingRequest, type: number, length: number, isDone: boolean): ByteProgram<void> => {
  if (type >= chunkTypes.errorBit) return readErrorChunk(request, type, length);
  switch (type) {
    case chunkTypes.none:
      // The protocol allows it at the end only; else it could be sent for ever.
      if (length !== 0 || !isDone) throw protocolViolation(`an empty chunk of ${length} bytes`);
      return nothing();
    case chunkTypes.data:
      return readDataChunk(request, length);
    case chunkTypes.hole:
      return readHoleChunk(request, length);
    case chunkTypes.blockStatus:
      return readStatusChunk(request, length);
    default:
      throw protocolViolation(`a chunk of the unknown type ${type}`);
  }
};

// oxlint-disable-next-line require-yield -- a program that reads no byte
const nothing = function* (): ByteProgram<void> {};

const requestOf = (unanswered: Unanswered, header: Buffer, at: number): readonly [number, PendingRequest] => {
  const cookie = header.readUInt32BE(at + 4);
  const request = header.readUInt32BE(at) === 0 ? unanswered.find(cookie) : undefined;
  if (request === undefined) throw protocolViolation("an answer to nothing that was asked");
  return [cookie, request];
};
