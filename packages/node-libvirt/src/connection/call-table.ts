import { ProtocolError } from "../errors/protocol-error.ts";
import type { Frame } from "../protocol/frame.ts";
import type { PendingCall } from "./pending-call.ts";
import { WaitingLine } from "./waiting-line.ts";

/**
 * The calls of one connection: at most `limit` are unfinished at the daemon, the rest wait in order. A call whose caller gave
 * up still counts until its reply arrives, because the daemon still works on it.
 */
export class CallTable {
  readonly #limit: number;
  readonly #send: (call: PendingCall, serial: number) => void;
  readonly #unfinished = new Map<number, PendingCall>();
  readonly #waiting = new WaitingLine();
  #serial = 0;

  constructor(limit: number, send: (call: PendingCall, serial: number) => void) {
    this.#limit = limit;
    this.#send = send;
  }

  /** Calls that could be sent at once. */
  get free(): number {
    return this.#limit - this.#unfinished.size - this.#waiting.length;
  }

  get unfinished(): number {
    return this.#unfinished.size;
  }

  add(call: PendingCall): void {
    this.#waiting.add(call);
    this.#pump();
  }

  /** @throws {ProtocolError} for a reply to nothing, or to another procedure than was called. */
  answer(frame: Frame): void {
    const { serial, program, proc } = frame.header;
    const call = this.#unfinished.get(serial);
    if (call === undefined) throw new ProtocolError(`a reply has the serial ${serial}, which no unfinished call has`);
    if (call.procedure.program !== program || call.procedure.proc !== proc) {
      throw new ProtocolError(`the reply to ${call.procedure.name} is from procedure ${proc} of program ${program}`);
    }
    this.#unfinished.delete(serial);
    call.answer(frame);
    this.#pump();
  }

  /** Ends every call: the connection is gone. */
  lose(reason: string, cause: unknown): void {
    const calls = [...this.#unfinished.values(), ...this.#waiting.drain()];
    this.#unfinished.clear();
    for (const call of calls) call.lose(reason, cause);
  }

  #pump(): void {
    while (this.#unfinished.size < this.#limit) {
      const call = this.#waiting.next();
      if (call === undefined) return;
      const serial = this.#nextSerial();
      this.#unfinished.set(serial, call);
      call.markSent(serial);
      this.#send(call, serial);
    }
  }

  #nextSerial(): number {
    do this.#serial = (this.#serial % 0xffff_ffff) + 1;
    while (this.#unfinished.has(this.#serial));
    return this.#serial;
  }
}
