/**
 * A reader of a byte stream: it yields the memory that the next bytes of the stream are to fill, and goes on when they have.
 * It is the same program however the bytes are cut, and they can come straight from the socket without a copy.
 */
export type ByteProgram<Result> = Generator<Uint8Array, Result, void>;

/** The next bytes, in memory of their own. The caller has checked the count: memory is taken before they come. */
export const take = function* (count: number): ByteProgram<Buffer> {
  const bytes = Buffer.allocUnsafe(count);
  yield bytes;
  return bytes;
};

const ground = Buffer.allocUnsafeSlow(64 * 1024);

/** Passes over bytes that nobody wants. */
export const skip = function* (count: number): ByteProgram<void> {
  for (let left = count; left > 0; left -= ground.length) yield ground.subarray(0, Math.min(left, ground.length));
};
