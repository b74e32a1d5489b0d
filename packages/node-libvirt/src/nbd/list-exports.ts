import { askOption, encodeOption, type Send } from "./ask-option.ts";
import type { ByteProgram } from "./byte-program.ts";
import type { NbdDial } from "./dial.ts";
import { greet } from "./handshake.ts";
import { NbdConnection } from "./nbd-connection.ts";
import { NbdError } from "./nbd-error.ts";
import { optionReplies, options } from "./numbers.ts";
import { protocolViolation } from "./protocol-violation.ts";

export interface ListNbdExportsOptions {
  readonly socket: NbdDial;
  readonly signal?: AbortSignal;
  /** Deadline for all of it, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
}

/** Names of the exports that a server lists, in its order. A server may hide some. @throws {NbdError} */
export const listNbdExports = async ({
  socket,
  signal,
  timeoutMs = 60_000,
}: ListNbdExportsOptions): Promise<string[]> => {
  const [connection, { names }] = await NbdConnection.open({ dial: socket, signal, timeoutMs }, list);
  await connection.close(encodeOption(options.abort, Buffer.alloc(0)));
  return names;
};

const list = function* (send: Send): ByteProgram<{ readonly names: string[]; readonly structured: boolean }> {
  yield* greet(send);
  const answer = yield* askOption(send, options.list, Buffer.alloc(0));
  if (answer.is === "error") throw new NbdError("refused", `The NBD server does not list its exports: ${answer.text}.`);
  const names = answer.replies.map(({ type, data }) => {
    const length = type === optionReplies.server && data.length >= 4 ? data.readUInt32BE(0) : Number.POSITIVE_INFINITY;
    if (4 + length > data.length) throw protocolViolation("a malformed name of an export");
    return data.toString("utf8", 4, 4 + length);
  });
  return { names, structured: false };
};
