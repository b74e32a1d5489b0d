import { ProtocolError } from "../errors/protocol-error.ts";

/** Reads XDR primitives from one message. Every read is checked against the end of the message first. */
export class XdrReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  uint(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  hyper(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  uhyper(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  /** Bytes of a known length, without the padding to a multiple of four. */
  fixed(length: number): Buffer {
    const start = this.#take(length + padding(length));
    return this.#bytes.subarray(start, start + length);
  }

  /** Bytes with a length word before them. */
  opaque(max: number): Buffer {
    const length = this.uint();
    if (length > max) throw new ProtocolError(`a field of ${length} bytes, at most ${max} are allowed`);
    return this.fixed(length);
  }

  /** The number of items of a list. A list that cannot fit into the rest of the message is refused before any item is read. */
  count(max: number): number {
    const count = this.uint();
    if (count > max) throw new ProtocolError(`a list of ${count} items, at most ${max} are allowed`);
    if (count * 4 > this.remaining) throw new ProtocolError(`a list of ${count} items in ${this.remaining} bytes`);
    return count;
  }

  #take(length: number): number {
    if (length > this.remaining) throw new ProtocolError(`${length} bytes expected, ${this.remaining} are left`);
    const start = this.#at;
    this.#at += length;
    return start;
  }
}

const padding = (length: number): number => (4 - (length % 4)) % 4;
