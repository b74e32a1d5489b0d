import { take, type ByteProgram } from "./byte-program.ts";
import type { PendingRequest } from "./pending-request.ts";
import { protocolViolation } from "./protocol-violation.ts";

const extentBytes = 8;
/** A million extents; QEMU sends at most 131,072 at once. */
const maxPayloadBytes = 4 + extentBytes * 1024 * 1024;

/** Reads the extents of one context: its id, then pairs of a length and flags, 32 bits each. */
export const readStatusChunk = function* (request: PendingRequest, length: number): ByteProgram<void> {
  const { answer } = request;
  if (answer.kind !== "status") throw protocolViolation("extents in the answer to a read");
  if (length < 4 + extentBytes || length > maxPayloadBytes || (length - 4) % extentBytes !== 0) {
    throw protocolViolation(`extents of ${length} bytes`);
  }
  const context = (yield* take(4)).readUInt32BE(0);
  if (!answer.contexts.has(context)) throw protocolViolation(`extents of the unknown context ${context}`);
  if (answer.extents.has(context)) throw protocolViolation(`extents of context ${context} twice`);
  const extents = yield* take(length - 4);
  answer.extents.set(context, extents);
};
