import { duplexPair } from "node:stream";
import { describe, expect, test } from "vitest";
import {
  chunk,
  dataPayload,
  errorPayload,
  holePayload,
  lastChunk,
  optionReply,
  simpleReply,
  statusPayload,
  uint16,
  uint64,
} from "../../test/nbd/frames.ts";
import { startNbdServer, type ArrivedRequest, type Script } from "../../test/nbd/scripted-nbd-server.ts";
import { connectNbd, unixSocket, type ConnectNbdOptions, type NbdSource } from "./index.ts";
import { chunkTypes, options, optionErrors } from "./numbers.ts";

const { signal } = new AbortController();
const blockBytes = 4096;

const open = async (onRequest: (request: ArrivedRequest) => void, more: Script & Partial<ConnectNbdOptions> = {}) => {
  const server = await startNbdServer({
    bytes: 64 * 1024 ** 2,
    ...more,
    onRequest: (request) => request.type === 0 && onRequest(request),
  });
  return await connectNbd({ socket: unixSocket(server.path), export: "vda", timeoutMs: 5000, ...more });
};

/** Bytes that differ from place to place. */
const content = (offset: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = ((offset + at) * 2_654_435_761) >>> 13;
  return bytes;
};

const data = ({ cookie }: ArrivedRequest, offset: number, length: number, flags = 1): Buffer =>
  chunk(cookie, chunkTypes.data, dataPayload(offset, content(offset, length)), flags);
const hole = ({ cookie }: ArrivedRequest, offset: number, length: number, flags = 1): Buffer =>
  chunk(cookie, chunkTypes.hole, holePayload(offset, length), flags);
const error = ({ cookie }: ArrivedRequest, errno: number, text = "", flags = 1): Buffer =>
  chunk(cookie, chunkTypes.error, errorPayload(errno, text), flags);

const read = async (source: NbdSource, offset: number, length: number): Promise<Buffer> => {
  const into = Buffer.alloc(length, 0xee);
  await source.read(offset, into, signal);
  return into;
};

describe("reading", () => {
  test("fills memory from data and holes, in whatever order they come", async () => {
    await using source = await open((request) => {
      const { offset, client } = request;
      client.write(data(request, offset + 3000, 1096, 0));
      client.write(hole(request, offset + 1000, 2000, 0));
      client.write(data(request, offset, 1000, 0));
      client.write(lastChunk(request.cookie));
    });
    const expected = content(8192, blockBytes).fill(0, 1000, 3000);
    expect((await read(source, 8192, blockBytes)).equals(expected)).toBe(true);
  });

  test("fills shared memory, and nothing beside the part that was given", async () => {
    await using source = await open((request) => request.client.write(data(request, request.offset, request.length)));
    const memory = new Uint8Array(new SharedArrayBuffer(3 * blockBytes)).fill(0xee);
    await source.read(blockBytes, memory.subarray(blockBytes, 2 * blockBytes), signal);
    const expected = Buffer.alloc(3 * blockBytes, 0xee);
    expected.set(content(blockBytes, blockBytes), blockBytes);
    expect(Buffer.from(memory).equals(expected)).toBe(true);
  });

  test("matches answers that come in another order than the questions", async () => {
    const arrived: ArrivedRequest[] = [];
    await using source = await open((request) => {
      if (arrived.push(request) < 3) return;
      for (const one of arrived.toReversed()) one.client.write(data(one, one.offset, one.length));
    });
    const offsets = [0, 3, 1].map((block) => block * blockBytes);
    const blocks = await Promise.all(offsets.map((offset) => read(source, offset, blockBytes)));
    expect(blocks.map((block, index) => block.equals(content(offsets[index] ?? 0, blockBytes)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test("puts bytes together however they are cut", async () => {
    await using source = await open(({ client, ...request }) => {
      const bytes = data({ client, ...request }, request.offset, request.length);
      for (let at = 0; at < bytes.length; at += 7) client.write(bytes.subarray(at, at + 7));
    });
    expect((await read(source, 0, blockBytes)).equals(content(0, blockBytes))).toBe(true);
  });

  test("takes any duplex stream", async () => {
    const server = await startNbdServer({
      bytes: 1024 ** 2,
      onRequest: (request) => request.type === 0 && request.client.write(data(request, request.offset, request.length)),
    });
    const scratch = new Uint8Array(1000);
    const relay = async () => {
      const [mine, its] = duplexPair();
      const socket = await unixSocket(server.path)(
        { space: () => scratch, filled: (count) => its.write(Buffer.from(scratch.subarray(0, count))) },
        signal,
      );
      its.on("data", (bytes) => socket.write(bytes as Buffer));
      its.on("end", () => socket.end());
      socket.on("close", () => its.end());
      return mine;
    };
    await using source = await connectNbd({ socket: relay, export: "vda" });
    expect((await read(source, 0, 300_000)).equals(content(0, 300_000))).toBe(true);
  });

  test("splits what is longer than one read may be, and asks for at most 16 at a time", async () => {
    const arrived: ArrivedRequest[] = [];
    await using source = await open((request) => void arrived.push(request));
    const into = Buffer.alloc(8 * 1024 ** 2, 0xee);
    const half = into.length / 2;
    const reading = Promise.all([0, half].map((from) => source.read(from, into.subarray(from, from + half), signal)));
    await expect.poll(() => arrived.length).toBe(16);
    expect(new Set(arrived.map(({ length }) => length))).toEqual(new Set([512 * 1024]));
    for (const { client, ...request } of arrived)
      client.write(hole({ client, ...request }, request.offset, request.length));
    await reading;
    expect(Buffer.compare(into, Buffer.alloc(into.length))).toBe(0);
  });

  test("works with a server that has no structured replies", async () => {
    const onOption = (option: number) =>
      option === options.structuredReply ? optionReply(option, optionErrors.unsupported) : undefined;
    await using source = await open(
      ({ cookie, offset, length, client }) =>
        client.write(offset === 0 ? simpleReply(cookie, 5) : simpleReply(cookie, 0, content(offset, length))),
      { onOption },
    );
    expect((await read(source, blockBytes, blockBytes)).equals(content(blockBytes, blockBytes))).toBe(true);
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject({ code: "server-error", errno: 5 });
  });

  test.each([
    [-1, 1],
    [0.5, 1],
    [64 * 1024 ** 2, 1],
    [0, 64 * 1024 ** 2 + 1],
  ])("at %d, %d bytes lie outside of the disk", async (offset, length) => {
    await using source = await open(() => {});
    await expect(read(source, offset, length)).rejects.toMatchObject({ code: "invalid-argument" });
  });

  test("takes nothing for a read of no bytes", async () => {
    await using source = await open(() => {});
    expect(await read(source, 0, 0)).toHaveLength(0);
  });
});

describe("an error of the server", () => {
  test("is told with its number, text and place, and the connection goes on", async () => {
    await using source = await open((request) => {
      const { cookie, offset, length, client } = request;
      if (offset > 0) return void client.write(data(request, offset, length));
      client.write(data(request, 0, 100, 0));
      client.write(chunk(cookie, chunkTypes.errorOffset, errorPayload(5, "bad\nsector", 512)));
    });
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject({
      kind: "nbd",
      code: "server-error",
      errno: 5,
      offset: 512,
      message:
        "The NBD server failed reading 4096 bytes at offset 0: input/output error (5) at byte 512; it says: bad sector.",
    });
    expect((await read(source, blockBytes, blockBytes)).equals(content(blockBytes, blockBytes))).toBe(true);
  });

  test("counts although data came before and after it", async () => {
    await using source = await open((request) => {
      request.client.write(error(request, 12, "", 0));
      request.client.write(error(request, 5, "", 0));
      request.client.write(data(request, 0, blockBytes));
    });
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject({ code: "server-error", errno: 12 });
  });
});

const protocol = { kind: "nbd", code: "protocol" };
const outside = 128 * 1024 ** 2;

describe("a server that breaks the protocol ends the connection", () => {
  const wrong: readonly (readonly [string, (request: ArrivedRequest) => Buffer])[] = [
    ["another magic", () => Buffer.alloc(20, 3)],
    ["a simple reply", ({ cookie }) => simpleReply(cookie, 0, content(0, blockBytes))],
    ["an unknown cookie", ({ cookie }) => lastChunk(cookie + 100n)],
    ["a cookie with another upper half", ({ cookie }) => lastChunk(cookie + (1n << 32n))],
    ["the end before any byte", ({ cookie }) => lastChunk(cookie)],
    ["a gap", (request) => Buffer.concat([data(request, 0, 100, 0), data(request, 200, blockBytes - 200)])],
    [
      "the same bytes twice",
      (request) => Buffer.concat([data(request, 0, 100, 0), data(request, 50, blockBytes - 50)]),
    ],
    [
      "a gap as long as the bytes that come twice",
      (request) => Buffer.concat([data(request, 0, 2048, 0), data(request, 0, 2048)]),
    ],
    ["bytes before the read", (request) => data({ ...request }, 0, 1).fill(255, 20, 28)],
    ["bytes after the read", (request) => data(request, 1, blockBytes)],
    ["bytes of another place", (request) => data(request, outside, blockBytes)],
    ["an absurd length", ({ cookie }) => chunk(cookie, chunkTypes.data).fill(255, 16, 20)],
    ["more than was asked for", (request) => data(request, 0, blockBytes + 1)],
    ["no byte at all", (request) => data(request, 0, 0)],
    ["a hole of no length", (request) => hole(request, 0, 0)],
    ["a hole beyond the end", (request) => hole(request, 1, blockBytes)],
    ["a hole of another size", ({ cookie }) => chunk(cookie, chunkTypes.hole, uint64(0))],
    ["a chunk of an unknown type", ({ cookie }) => chunk(cookie, 77)],
    ["an empty chunk that is not the last", ({ cookie }) => chunk(cookie, chunkTypes.none, Buffer.alloc(0), 0)],
    ["an empty chunk with bytes", ({ cookie }) => chunk(cookie, chunkTypes.none, uint16(1))],
    ["extents", ({ cookie }) => chunk(cookie, chunkTypes.blockStatus, statusPayload(1, [[blockBytes, 0]]))],
    ["an error too short", ({ cookie }) => chunk(cookie, chunkTypes.error, uint16(1))],
    ["an error too long", ({ cookie }) => chunk(cookie, chunkTypes.error, Buffer.alloc(5000))],
    ["an error whose text is longer than itself", (request) => error(request, 5, "x").fill(255, 24, 26)],
    ["an error without its offset", ({ cookie }) => chunk(cookie, chunkTypes.errorOffset, errorPayload(5, "x"))],
    [
      "thousands of scattered pieces",
      (request) => Buffer.concat(Array.from({ length: 2000 }, (_, at) => data(request, 2 * at, 1, 0))),
    ],
  ];

  test.each(wrong)("%s", async (_, answer) => {
    await using source = await open((request) => request.client.write(answer(request)));
    const other = read(source, outside / 4, blockBytes);
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject(protocol);
    await expect(other).rejects.toMatchObject(protocol);
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject(protocol);
  });

  test("nothing that nobody asked for", async () => {
    const clients: ArrivedRequest["client"][] = [];
    await using source = await open((request) => {
      clients.push(request.client);
      request.client.write(Buffer.concat([data(request, 0, blockBytes), data(request, 0, blockBytes)]));
    });
    await read(source, 0, blockBytes);
    await expect.poll(() => clients[0]?.destroyed).toBe(true);
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject(protocol);
  });
});

describe("silence and ends", () => {
  test("a read that stays without an answer fails at the deadline, and all others with it", async () => {
    await using source = await open(() => {}, { timeoutMs: 250 });
    const both = await Promise.allSettled([read(source, 0, 1), read(source, 1, 1)]);
    expect(both.map((one) => one.status === "rejected" && (one.reason as { code: string }).code)).toEqual([
      "timed-out",
      "timed-out",
    ]);
  });

  test("an answer that trickles is no answer", async () => {
    await using source = await open(
      (request) => {
        const bytes = data(request, 0, blockBytes);
        let at = 0;
        const drip = setInterval(
          () => (at < bytes.length ? request.client.write(bytes.subarray(at, ++at)) : clearInterval(drip)),
          5,
        );
        request.client.once("close", () => clearInterval(drip));
      },
      { timeoutMs: 300 },
    );
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject({
      code: "timed-out",
      message: "The NBD server did not finish reading 4096 bytes at offset 0 within 300 ms. Is it hung, or its disk?",
    });
  });

  test("a connection without questions has no deadline", async () => {
    await using source = await open((request) => request.client.write(data(request, request.offset, request.length)), {
      timeoutMs: 250,
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await read(source, 0, 10)).equals(content(0, 10))).toBe(true);
  });

  test("a process that slept through the deadline still takes the answer that lies there", async () => {
    await using source = await open((request) => request.client.write(data(request, request.offset, request.length)), {
      timeoutMs: 250,
    });
    const reading = read(source, 0, blockBytes);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    expect((await reading).equals(content(0, blockBytes))).toBe(true);
  });

  test("a server that leaves in the middle is told", async () => {
    await using source = await open((request) => request.client.end(data(request, 0, blockBytes).subarray(0, 1000)));
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject({ code: "closed" });
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject({ code: "closed" });
  });

  test("closing fails what is under way", async () => {
    const source = await open(() => {});
    const reading = read(source, 0, blockBytes);
    await source.close();
    await expect(reading).rejects.toMatchObject({ code: "closed" });
    await expect(read(source, 0, blockBytes)).rejects.toMatchObject({ code: "closed" });
  });
});

describe("giving up a read", () => {
  const aborted = { code: "aborted", cause: "enough" };

  test("leaves the others and the connection alone, and its memory as it is from then on", async () => {
    const arrived: ArrivedRequest[] = [];
    await using source = await open((request) => void arrived.push(request));
    const leaving = new AbortController();
    const into = Buffer.alloc(blockBytes, 0xee);
    const given = source.read(0, into, leaving.signal);
    const other = read(source, blockBytes, blockBytes);
    await expect.poll(() => arrived.length).toBe(2);
    leaving.abort("enough");
    await expect(given).rejects.toMatchObject(aborted);
    for (const { client, ...request } of arrived)
      client.write(data({ client, ...request }, request.offset, request.length));
    expect((await other).equals(content(blockBytes, blockBytes))).toBe(true);
    expect(into.every((byte) => byte === 0xee)).toBe(true);
  });

  test("in the middle of its bytes, it ends when the piece under way has come; the rest is passed over", async () => {
    const bytes = 512 * 1024;
    const arrived: ArrivedRequest[] = [];
    await using source = await open((request) => void arrived.push(request));
    const leaving = new AbortController();
    const into = Buffer.alloc(bytes, 0xee);
    const given = source.read(0, into, leaving.signal);
    await expect.poll(() => arrived.length).toBe(1);
    const [first] = arrived as [ArrivedRequest];
    const answer = data(first, 0, bytes);
    first.client.write(answer.subarray(0, 100_000));
    await expect.poll(() => into[90_000] === content(90_000, 1)[0]).toBe(true);
    leaving.abort("enough");
    first.client.write(answer.subarray(100_000));
    await expect(given).rejects.toMatchObject(aborted);
    const left = Buffer.from(into);
    const other = read(source, blockBytes, blockBytes);
    await expect.poll(() => arrived.length).toBe(2);
    first.client.write(data(arrived[1] ?? first, blockBytes, blockBytes));
    expect((await other).equals(content(blockBytes, blockBytes))).toBe(true);
    expect(into.equals(left)).toBe(true);
    expect(left.at(-1)).toBe(0xee);
  });

  test("before it was sent, nothing is sent", async () => {
    const arrived: ArrivedRequest[] = [];
    await using source = await open((request) => void arrived.push(request));
    const leaving = new AbortController();
    const ahead = Array.from({ length: 16 }, (_, at) => read(source, at, 1));
    const given = source.read(100, Buffer.alloc(1), leaving.signal);
    await expect.poll(() => arrived.length).toBe(16);
    leaving.abort("enough");
    await expect(given).rejects.toMatchObject(aborted);
    await expect(source.read(100, Buffer.alloc(1), leaving.signal)).rejects.toMatchObject(aborted);
    for (const { client, ...request } of arrived) client.write(data({ client, ...request }, request.offset, 1));
    await Promise.all(ahead);
    expect(arrived).toHaveLength(16);
  });
});
