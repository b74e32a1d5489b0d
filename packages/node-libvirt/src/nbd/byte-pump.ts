import type { ByteProgram } from "./byte-program.ts";

/** Where a socket may put what it reads, without a buffer in between. */
export interface ByteSink {
  /** Memory for the next bytes; asked for once before each read, never empty. */
  readonly space: () => Uint8Array;
  /** So many bytes were put at the beginning of that memory. */
  readonly filled: (count: number) => void;
}

const nothing = new Uint8Array(0);
/** Larger than every header and smaller than what is worth a read of its own. */
const scratchBytes = 4096;

/** Feeds a program with the bytes of a stream. What the program throws comes out of the method that fed it. */
export class BytePump implements ByteSink {
  readonly #program: ByteProgram<unknown>;
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  #target: Uint8Array = nothing;
  /** Bytes of the target that are filled. */
  #at = 0;
  #direct = false;
  #ended = false;

  constructor(program: ByteProgram<unknown>) {
    this.#program = program;
  }

  /** To be called once, before any byte. */
  start(): void {
    this.#advance();
  }

  readonly space = (): Uint8Array => {
    this.#direct = !this.#ended && this.#target.length - this.#at > scratchBytes;
    return this.#direct ? this.#target.subarray(this.#at) : this.#scratch;
  };

  readonly filled = (count: number): void => {
    if (!this.#direct) return this.push(this.#scratch.subarray(0, count));
    this.#at += count;
    if (this.#at === this.#target.length) this.#advance();
  };

  /** Takes bytes that lie elsewhere. Bytes after the program's end are dropped. */
  push(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length && !this.#ended) {
      const count = Math.min(bytes.length - from, this.#target.length - this.#at);
      this.#target.set(bytes.subarray(from, from + count), this.#at);
      from += count;
      this.#at += count;
      if (this.#at === this.#target.length) this.#advance();
    }
  }

  #advance(): void {
    // Set first: a program that throws has ended too.
    this.#ended = true;
    this.#at = 0;
    let step = this.#program.next();
    while (step.done !== true && step.value.length === 0) step = this.#program.next();
    this.#target = step.done === true ? nothing : step.value;
    this.#ended = step.done === true;
  }
}
