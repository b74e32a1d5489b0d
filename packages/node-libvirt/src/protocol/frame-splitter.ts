import { ProtocolError } from "../errors/protocol-error.ts";
import { decodeFrame, headerBytes, type Frame } from "./frame.ts";
import { maxMessageBytes } from "./limits.ts";

/** What a socket gives at a time, as a rule. */
const chunkBytes = 65_536;
/** Length of the largest message of a stream. */
const streamMessageBytes = 262_148;

/**
 * Cuts a byte stream into frames, however it is chunked. Memory is bounded by twice the bytes that really arrived, or by what a
 * message of a stream takes, never by a length that a peer merely announced; an impossible length fails as soon as its four
 * bytes are there.
 */
export class FrameSplitter {
  /** Bytes of a frame that has begun but not ended, then spare room. */
  #buffer: Buffer = Buffer.alloc(0);
  #pending = 0;

  /** @throws {ProtocolError} after which the stream cannot be read further. */
  push(chunk: Buffer): Frame[] {
    const data = this.#pending === 0 ? chunk : this.#append(chunk);
    const frames: Frame[] = [];
    let at = 0;
    for (let length = announced(data, at); at + length <= data.length; length = announced(data, at)) {
      frames.push(decodeFrame(data.subarray(at, at + length)));
      at += length;
    }
    // A view, so nothing is copied; its missing spare room makes the next append allocate, and frames handed out stay as they are.
    if (at > 0 || this.#pending === 0) this.#buffer = data.subarray(at);
    this.#pending = data.length - at;
    return frames;
  }

  #append(chunk: Buffer): Buffer {
    const needed = this.#pending + chunk.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(roomFor(needed, this.#buffer.subarray(0, this.#pending)));
      this.#buffer.copy(larger, 0, 0, this.#pending);
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#pending);
    return this.#buffer.subarray(0, needed);
  }
}

/**
 * Messages of streams come by the thousand and in several pieces: with exact room, and some for the beginning of the next one,
 * their bytes are copied once.
 */
const roomFor = (needed: number, begun: Buffer): number => {
  const length = announced(begun, 0);
  const isStreamMessage = length > chunkBytes && length <= streamMessageBytes;
  return Math.max(needed * 2, isStreamMessage ? length + chunkBytes : 0);
};

const announced = (data: Buffer, at: number): number => {
  if (data.length - at < 4) return Number.POSITIVE_INFINITY;
  const length = data.readUInt32BE(at);
  if (length < headerBytes || length > maxMessageBytes) {
    throw new ProtocolError(`a message announces ${length} bytes, ${headerBytes} to ${maxMessageBytes} are allowed`);
  }
  return length;
};
