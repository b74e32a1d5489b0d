/** Appends XDR primitives to a buffer that grows. Values are checked by the caller (`encodeXdr`). */
export class XdrWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(initialBytes = 256) {
    this.#bytes = Buffer.alloc(initialBytes);
  }

  int(value: number): void {
    const at = this.#grow(4);
    this.#bytes.writeInt32BE(value, at);
  }

  uint(value: number): void {
    const at = this.#grow(4);
    this.#bytes.writeUInt32BE(value, at);
  }

  hyper(value: bigint): void {
    const at = this.#grow(8);
    this.#bytes.writeBigInt64BE(value, at);
  }

  uhyper(value: bigint): void {
    const at = this.#grow(8);
    this.#bytes.writeBigUInt64BE(value, at);
  }

  double(value: number): void {
    const at = this.#grow(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  /** Bytes, then zeros to a multiple of four. */
  fixed(bytes: Uint8Array): void {
    const padded = Math.ceil(bytes.length / 4) * 4;
    const start = this.#grow(padded);
    this.#bytes.set(bytes, start);
    this.#bytes.fill(0, start + bytes.length, start + padded);
  }

  opaque(bytes: Uint8Array): void {
    this.uint(bytes.length);
    this.fixed(bytes);
  }

  /** What was written so far; valid until the next write. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(by: number): number {
    const start = this.#length;
    this.#length += by;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#length, this.#bytes.length * 2));
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    return start;
  }
}
