import { serverText } from "./server-text.ts";
import { take, type ByteProgram } from "./byte-program.ts";
import { NbdError } from "./nbd-error.ts";
import { chunkTypes, maxStringBytes } from "./numbers.ts";
import type { PendingRequest } from "./pending-request.ts";
import { protocolViolation } from "./protocol-violation.ts";

/** The server's numbers for errors; they are the same on every system. */
const errorNames: Readonly<Record<number, string>> = {
  1: "operation not permitted",
  5: "input/output error",
  12: "out of memory",
  22: "invalid argument",
  28: "no space left",
  75: "value too large",
  95: "not supported",
  108: "the server is shutting down",
};

export const serverError = (request: PendingRequest, errno: number, text = "", offset?: number): NbdError => {
  const reason = `${errorNames[errno] ?? "error"} (${errno})`;
  const where = offset === undefined ? "" : ` at byte ${offset}`;
  const own = text === "" ? "" : `; it says: ${text}`;
  return new NbdError("server-error", `The NBD server failed ${request.about}: ${reason}${where}${own}.`, {
    errno,
    offset,
  });
};

/** Reads the payload of an error chunk: a number, a text, and for one type an offset. Unknown types begin the same way. */
export const readErrorChunk = function* (request: PendingRequest, type: number, length: number): ByteProgram<void> {
  if (length < 6 || length > 6 + maxStringBytes + 8) throw protocolViolation(`an error of ${length} bytes`);
  const payload = yield* take(length);
  const errno = payload.readUInt32BE(0);
  const textEnd = 6 + payload.readUInt16BE(4);
  const hasOffset = type === chunkTypes.errorOffset;
  if (textEnd + (hasOffset ? 8 : 0) > length) throw protocolViolation("an error whose text is longer than itself");
  const offset = hasOffset ? Number(payload.readBigUInt64BE(textEnd)) : undefined;
  request.noteServerError(serverError(request, errno, serverText(payload.subarray(6, textEnd)), offset));
};
