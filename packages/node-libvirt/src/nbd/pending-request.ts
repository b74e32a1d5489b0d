import { Coverage } from "./coverage.ts";
import type { NbdError } from "./nbd-error.ts";
import { commands, magic } from "./numbers.ts";
import { protocolViolation } from "./protocol-violation.ts";

/** What a request's answer fills. */
export type Answer =
  | { readonly kind: "read"; readonly into: Uint8Array; readonly coverage: Coverage }
  /** `extents`: the raw extents of each context, by the context's id. */
  | { readonly kind: "status"; readonly contexts: ReadonlySet<number>; readonly extents: Map<number, Buffer> };

export const readAnswer = (into: Uint8Array): Answer => ({ kind: "read", into, coverage: new Coverage() });

export const statusAnswer = (contexts: Iterable<number>): Answer & { kind: "status" } => ({
  kind: "status",
  contexts: new Set(contexts),
  extents: new Map(),
});

const requestBytes = 28;

/** A request from its making until its answer has come in full, whether somebody still waits for it or not. */
export class PendingRequest {
  readonly offset: number;
  readonly length: number;
  readonly answer: Answer;
  readonly done: Promise<void>;
  /** Where in the clock of the connection it was sent. */
  sentAt = 0;
  readonly #settle: PromiseWithResolvers<void>;
  #isReceiving = false;
  #givenUp: NbdError | undefined;
  #serverError: NbdError | undefined;

  constructor(offset: number, length: number, answer: Answer) {
    this.offset = offset;
    this.length = length;
    this.answer = answer;
    this.#settle = Promise.withResolvers<void>();
    this.done = this.#settle.promise;
    // Who gave it up may have left before the connection fails it.
    this.done.catch(() => {});
  }

  /** Nobody waits any longer: what comes is thrown away. */
  get isGivenUp(): boolean {
    return this.#givenUp !== undefined;
  }

  get about(): string {
    const what = this.answer.kind === "read" ? "reading" : "asking about";
    return `${what} ${this.length} bytes at offset ${this.offset}`;
  }

  encode(cookie: number): Buffer {
    const bytes = Buffer.alloc(requestBytes);
    bytes.writeUInt32BE(magic.request, 0);
    bytes.writeUInt16BE(this.answer.kind === "read" ? commands.read : commands.blockStatus, 6);
    bytes.writeUInt32BE(cookie, 12);
    bytes.writeBigUInt64BE(BigInt(this.offset), 16);
    bytes.writeUInt32BE(this.length, 24);
    return bytes;
  }

  /**
   * The caller leaves. While a socket may be writing into the caller's memory, the promise stays open until that piece is
   * done: afterwards the memory is the caller's own again.
   */
  giveUp(error: NbdError): void {
    this.#givenUp ??= error;
    if (!this.#isReceiving) this.#settle.reject(error);
  }

  beginPiece(): void {
    this.#isReceiving = true;
  }

  endPiece(): void {
    this.#isReceiving = false;
    if (this.#givenUp !== undefined) this.#settle.reject(this.#givenUp);
  }

  /** The server says that it failed; the first word counts. More chunks may follow. */
  noteServerError(error: NbdError): void {
    this.#serverError ??= error;
  }

  /** The connection is gone, or it was never sent. */
  fail(error: NbdError): void {
    this.#settle.reject(error);
  }

  /** The last chunk has come. @throws {NbdError} `protocol` when the answer has gaps. */
  finish(): void {
    if (this.#serverError !== undefined) return this.#settle.reject(this.#serverError);
    if (!this.isGivenUp && !isComplete(this.answer, this.length)) throw protocolViolation(`${this.about} left gaps`);
    this.#settle.resolve();
  }
}

const isComplete = (answer: Answer, length: number): boolean => {
  switch (answer.kind) {
    case "read":
      return answer.coverage.isComplete(length);
    case "status":
      return answer.extents.size === answer.contexts.size;
  }
};
