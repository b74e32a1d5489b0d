import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFrame, encodeFrame, FrameSplitter, maxMessageBytes, ProtocolError, type Frame } from "./index.ts";
import { messageStatuses, messageTypes } from "./frame.ts";

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const frames = fc.array(
  fc.record({
    header: fc.record({
      program: word,
      version: word,
      proc: word,
      type: fc.constantFrom(...messageTypes),
      serial: word,
      status: fc.constantFrom(...messageStatuses),
    }),
    body: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 8 },
);

const bytesOf = (list: readonly Frame[]): Buffer =>
  Buffer.concat(list.map(({ header, body }) => encodeFrame(header, body)));

/** Cuts bytes at the given distances, again and again. */
const chunksOf = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
};

describe("a frame", () => {
  test("has seven words before its body", () => {
    const header = { program: 0x2000_8086, version: 1, proc: 23, type: "call", serial: 5, status: "ok" } as const;
    const frame = encodeFrame(header, Buffer.from("0000000161000000", "hex"));
    const words = ["00000024", "20008086", "00000001", "00000017", "00000000", "00000005", "00000000"];
    expect(frame.toString("hex")).toBe([...words, "00000001", "61000000"].join(""));
    expect(decodeFrame(frame).header).toEqual(header);
  });

  test.each([
    ["type", 16],
    ["status", 24],
  ])("with an unknown %s is refused", (what, offset) => {
    const header = { program: 1, version: 1, proc: 1, type: "call", serial: 1, status: "ok" } as const;
    const frame = encodeFrame(header, Buffer.alloc(0));
    frame.writeUInt32BE(99, offset);
    expect(() => decodeFrame(frame)).toThrow(new ProtocolError(`a message of the unknown ${what} 99`));
  });
});

describe("the splitter", () => {
  test("finds the same frames however the bytes are cut", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 10 });
    const property = fc.property(frames, sizes, (sent, cuts) => {
      const splitter = new FrameSplitter();
      // All are kept until the end: a frame must not change when more bytes come.
      const received = chunksOf(bytesOf(sent), cuts).flatMap((chunk) => splitter.push(chunk));
      expect(received).toEqual(sent);
    });
    fc.assert(property, { numRuns: 500 });
  });

  test.each([0, 4, 27, maxMessageBytes + 1, 0xffff_ffff])("refuses the length %d at its fourth byte", (length) => {
    const splitter = new FrameSplitter();
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(length);
    expect(splitter.push(bytes.subarray(0, 3))).toEqual([]);
    expect(() => splitter.push(bytes.subarray(3))).toThrow(ProtocolError);
  });

  test("takes the largest message, and memory only for what arrived", () => {
    const splitter = new FrameSplitter();
    const header = { program: 1, version: 1, proc: 1, type: "reply", serial: 1, status: "ok" } as const;
    const bytes = encodeFrame(header, Buffer.alloc(maxMessageBytes - 28, 7));
    const before = process.memoryUsage().arrayBuffers;
    splitter.push(Buffer.from(bytes.subarray(0, 1000)));
    splitter.push(Buffer.from(bytes.subarray(1000, 2000)));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    const received = splitter.push(bytes.subarray(2000));
    expect(received[0]?.body.length).toBe(maxMessageBytes - 28);
    expect(received[0]?.body.at(-1)).toBe(7);
  });

  test("refuses to make a message over the limit", () => {
    const header = { program: 1, version: 1, proc: 1, type: "call", serial: 1, status: "ok" } as const;
    expect(() => encodeFrame(header, Buffer.alloc(maxMessageBytes - 27))).toThrow(/at most 33554436 are allowed/u);
  });
});
