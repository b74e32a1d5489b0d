import type { StreamPart } from "./stream-part.ts";

/** Bytes that may wait until nothing more is read from the connection. */
const fullBytes = 1_048_576;
/** What a waiting part costs besides its bytes: holes come without any. */
const partCost = 128;

/** Parts that have arrived and that nobody has taken yet. It stops the connection while it is full. */
export class Inbox {
  readonly #pipe: { pause(): unknown; resume(): unknown };
  readonly #parts: StreamPart[] = [];
  #bytes = 0;
  #stopped = false;

  constructor(pipe: { pause(): unknown; resume(): unknown }) {
    this.#pipe = pipe;
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  put(part: StreamPart): void {
    this.#parts.push(part);
    this.#bytes += costOf(part);
    if (this.#stopped || this.#bytes < fullBytes) return;
    this.#stopped = true;
    this.#pipe.pause();
  }

  take(): StreamPart | undefined {
    const part = this.#parts.shift();
    if (part === undefined) return undefined;
    this.#bytes -= costOf(part);
    if (this.#stopped && this.#bytes < fullBytes / 2) {
      this.#stopped = false;
      this.#pipe.resume();
    }
    return part;
  }

  clear(): void {
    this.#parts.length = 0;
  }
}

const costOf = (part: StreamPart): number => partCost + (part.kind === "data" ? part.bytes.length : 0);
