import { skip, take, type ByteProgram } from "./byte-program.ts";
import type { PendingRequest } from "./pending-request.ts";
import { protocolViolation } from "./protocol-violation.ts";

/** After so many bytes it is looked whether the caller still waits. About what one read of a socket gives. */
const pieceBytes = 256 * 1024;

/** Reads a chunk of data: an offset, then bytes. */
export const readDataChunk = function* (request: PendingRequest, length: number): ByteProgram<void> {
  // Checked before memory is touched: the length is the server's word only.
  if (length <= 8 || length - 8 > request.length) throw protocolViolation(`data of ${length} bytes`);
  const offset = Number((yield* take(8)).readBigUInt64BE(0));
  yield* fillFromStream(request, offset - request.offset, length - 8);
};

/** Reads a chunk that says that bytes are zero: an offset and a length. */
export const readHoleChunk = function* (request: PendingRequest, length: number): ByteProgram<void> {
  if (length !== 12) throw protocolViolation(`a hole of ${length} bytes`);
  const payload = yield* take(12);
  const from = Number(payload.readBigUInt64BE(0)) - request.offset;
  const into = claim(request, from, payload.readUInt32BE(8));
  if (!request.isGivenUp) into.fill(0);
};

/** Fills the caller's memory, counted from the beginning of the request. */
export const fillFromStream = function* (request: PendingRequest, from: number, count: number): ByteProgram<void> {
  const into = claim(request, from, count);
  for (let at = 0; at < count; at += pieceBytes) {
    if (request.isGivenUp) return yield* skip(count - at);
    request.beginPiece();
    yield into.subarray(at, at + pieceBytes);
    request.endPiece();
  }
};

const claim = ({ answer, length, about }: PendingRequest, from: number, count: number): Uint8Array => {
  if (answer.kind !== "read") throw protocolViolation("data in an answer about extents");
  if (count === 0 || from < 0 || from + count > length) throw protocolViolation(`bytes outside of ${about}`);
  if (!answer.coverage.add(from, from + count)) throw protocolViolation(`the same bytes twice, or torn, in ${about}`);
  return answer.into.subarray(from, from + count);
};
