import type { Duplex } from "node:stream";
import type { Send } from "./ask-option.ts";
import type { ByteProgram } from "./byte-program.ts";
import { BytePump } from "./byte-pump.ts";
import type { NbdDial } from "./dial.ts";
import { NbdError } from "./nbd-error.ts";
import { PendingRequest, type Answer } from "./pending-request.ts";
import { readReplies } from "./replies.ts";
import { RequestTable } from "./request-table.ts";

export interface ConnectionOptions {
  readonly dial: NbdDial;
  /** Deadline of the opening, and of each request from its sending to its last byte, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A deadline is watched in so many steps. Steps and not times are counted, so that a process that slept is not deceived. */
const stepsOfDeadline = 8;

/** One byte pipe to an NBD server: first a conversation that agrees on terms, then requests that overlap. */
export class NbdConnection {
  readonly #table = new RequestTable((request, cookie) => this.#transmit(request, cookie));
  readonly #timeoutMs: number;
  #pipe: Duplex | undefined;
  #failure: NbdError | undefined;
  #step = 0;
  #clock: NodeJS.Timeout | undefined;
  #isOpening = true;
  readonly #closed = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<never>();

  private constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#failed.promise.catch(() => {});
  }

  /** Connects and has the conversation. @throws {NbdError} */
  static async open<Terms extends { readonly structured: boolean }>(
    { dial, timeoutMs, signal }: ConnectionOptions,
    conversation: (send: Send) => ByteProgram<Terms>,
  ): Promise<readonly [NbdConnection, Terms]> {
    const connection = new NbdConnection(timeoutMs);
    const onAbort = () => connection.#fail(aborted("opening the connection", signal?.reason));
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      if (signal?.aborted) throw aborted("opening the connection", signal.reason);
      return [connection, await connection.#open(dial, conversation)];
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Requests that are not answered yet. */
  get unanswered(): number {
    return this.#table.size;
  }

  get failure(): NbdError | undefined {
    return this.#failure;
  }

  /** Sends a request; fulfilled when the answer is filled. @throws {NbdError} */
  async request(offset: number, length: number, answer: Answer, signal: AbortSignal): Promise<void> {
    const request = new PendingRequest(offset, length, answer);
    if (signal.aborted) throw aborted(request.about, signal.reason);
    if (this.#failure !== undefined) throw this.#failure;
    const onAbort = () => {
      this.#table.remove(request);
      request.giveUp(aborted(request.about, signal.reason));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      this.#table.add(request);
      await request.done;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Sends the last bytes and ends the connection. Never fails; what is unanswered does, with `closed`. */
  async close(farewell: Uint8Array): Promise<void> {
    const pipe = this.#pipe;
    if (pipe === undefined || this.#failure !== undefined) return;
    const ended = new NbdError("closed", "The connection to the NBD server was closed by its user.");
    // Answers that still come would be written into memory that is the callers' own again.
    if (this.#table.size > 0) return this.#fail(ended);
    pipe.end(farewell);
    this.#fail(ended, "linger");
    const hurry = setTimeout(() => pipe.destroy(), Math.min(this.#timeoutMs, 1000));
    await this.#closed.promise;
    clearTimeout(hurry);
  }

  async #open<Terms extends { readonly structured: boolean }>(
    dial: NbdDial,
    conversation: (send: Send) => ByteProgram<Terms>,
  ): Promise<Terms> {
    const agreed = Promise.withResolvers<Terms>();
    const pump = new BytePump(this.#program(conversation, agreed.resolve));
    pump.start();
    this.#clock = setInterval(() => this.#tick(), Math.max(1, this.#timeoutMs / stepsOfDeadline)).unref();
    // An own signal: the caller's does not outlive the opening, and the deadline must end the dialling too.
    const dialling = new AbortController();
    this.#failed.promise.catch((error: unknown) => dialling.abort(error));
    try {
      const pipe = dial(pump, dialling.signal);
      // A pipe that comes after all has no user.
      pipe.then((late) => this.#failure !== undefined && late.destroy()).catch(() => {});
      this.#attach(await Promise.race([pipe, this.#failed.promise]), pump);
    } catch (error) {
      this.#fail(asNbdError(error, "connect"));
    }
    const terms = await Promise.race([agreed.promise, this.#failed.promise]);
    this.#isOpening = false;
    return terms;
  }

  *#program<Terms extends { readonly structured: boolean }>(
    conversation: (send: Send) => ByteProgram<Terms>,
    agree: (terms: Terms) => void,
  ): ByteProgram<never> {
    const terms = yield* conversation((bytes) => this.#pipe?.write(bytes));
    agree(terms);
    return yield* readReplies(this.#table, terms.structured);
  }

  #attach(pipe: Duplex, pump: BytePump): void {
    this.#pipe = pipe;
    pipe.on("data", (bytes: Buffer) => {
      try {
        if (this.#failure === undefined) pump.push(bytes);
      } catch (error) {
        this.#fail(asNbdError(error, "protocol"));
      }
    });
    pipe.on("error", (error) => this.#fail(asNbdError(error, "closed")));
    pipe.on("end", () => this.#fail(new NbdError("closed", "The NBD server closed the connection.")));
    pipe.on("close", () => {
      this.#fail(new NbdError("closed", "The connection to the NBD server was closed."));
      this.#closed.resolve();
    });
  }

  #transmit(request: PendingRequest, cookie: number): void {
    request.sentAt = this.#step;
    this.#pipe?.write(request.encode(cookie));
  }

  #tick(): void {
    this.#step++;
    const since = this.#isOpening ? 0 : this.#table.oldest?.sentAt;
    if (since === undefined || this.#step - since <= stepsOfDeadline) return;
    const what = this.#isOpening ? "opening the connection" : this.#table.oldest?.about;
    this.#fail(
      new NbdError(
        "timed-out",
        `The NBD server did not finish ${what} within ${this.#timeoutMs} ms. Is it hung, or its disk?`,
      ),
    );
  }

  #fail(error: NbdError, pipe: "destroy" | "linger" = "destroy"): void {
    if (this.#failure === undefined) {
      this.#failure = error;
      clearInterval(this.#clock);
      this.#failed.reject(error);
      this.#table.failAll(error);
    }
    if (pipe === "destroy") this.#pipe?.destroy();
  }
}

const aborted = (what: string, reason: unknown): NbdError =>
  new NbdError("aborted", `NBD: ${what} was given up by the caller.`, { cause: reason });

const asNbdError = (error: unknown, code: "connect" | "protocol" | "closed"): NbdError => {
  if (error instanceof NbdError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const what = code === "connect" ? "Cannot connect to the NBD server" : "The connection to the NBD server broke";
  return new NbdError(code, `${what}: ${why}.`, { cause: error });
};
