import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { chunk, errorPayload, lastChunk, optionReply, statusPayload, uint32 } from "../../test/nbd/frames.ts";
import { startNbdServer, type ArrivedRequest, type Script } from "../../test/nbd/scripted-nbd-server.ts";
import { connectNbd, unixSocket, type NbdSource, type Range } from "./index.ts";
import { chunkTypes, options, optionErrors } from "./numbers.ts";

const { signal } = new AbortController();
const allocation = "base:allocation";
const bitmap = "qemu:dirty-bitmap:b0";
const both = { [allocation]: 1, [bitmap]: 2 };
const gib = 1024 ** 3;

const open = async (
  answer: (request: ArrivedRequest) => Buffer,
  script: Script = {},
  timeoutMs = 5000,
): Promise<NbdSource> => {
  const contexts = script.contexts ?? both;
  const server = await startNbdServer({
    contexts,
    ...script,
    onRequest: (request) => request.type === 7 && request.client.write(answer(request)),
  });
  return await connectNbd({
    socket: unixSocket(server.path),
    export: "vda",
    contexts: Object.keys(contexts),
    timeoutMs,
  });
};

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Memory that cannot be collected. */
const heldBytes = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

type Extent = readonly [length: number, flags: number];

const extents = (cookie: bigint, context: number, list: readonly Extent[], flags = 0): Buffer =>
  chunk(cookie, chunkTypes.blockStatus, statusPayload(context, list), flags);

const status = ({ cookie }: ArrivedRequest, zeroes: readonly Extent[], dirty?: readonly Extent[]): Buffer =>
  Buffer.concat([
    extents(cookie, 1, zeroes),
    ...(dirty === undefined ? [] : [extents(cookie, 2, dirty)]),
    lastChunk(cookie),
  ]);

const rangesOf = async (source: NbdSource): Promise<string[]> => {
  const found: string[] = [];
  for await (const range of source.ranges(signal)) found.push(textOf(range));
  return found;
};

const textOf = ({ offset, length, is }: Range): string => `${is} ${offset}+${length}`;

describe("the ranges of an export", () => {
  test("cover it whole without a bitmap, neighbours joined", async () => {
    const list: Extent[] = [
      [100, 0],
      [200, 1],
      [300, 3],
      [400, 2],
      [3096, 0],
    ];
    await using source = await open((request) => status(request, list), { bytes: 4096, contexts: { [allocation]: 1 } });
    expect(await rangesOf(source)).toEqual(["data 0+300", "zero 300+700", "data 1000+3096"]);
  });

  test("are what a bitmap calls dirty, and of it zero what reads as zeroes", async () => {
    const zeroes: Extent[] = [
      [1000, 0],
      [2000, 3],
      [1096, 0],
    ];
    const dirty: Extent[] = [
      [500, 0],
      [1000, 1],
      [1000, 0],
      [1000, 1],
      [596, 0],
    ];
    await using source = await open((request) => status(request, zeroes, dirty), { bytes: 4096 });
    const expected = ["data 500+500", "zero 1000+500", "zero 2500+500", "data 3000+500"];
    expect(await rangesOf(source)).toEqual(expected);
    // A second walk is a walk of its own.
    expect(await rangesOf(source)).toEqual(expected);
  });

  test("are all data where a bitmap came without base:allocation", async () => {
    const answer = ({ cookie }: ArrivedRequest) =>
      Buffer.concat([
        extents(cookie, 2, [
          [512, 1],
          [3584, 0],
        ]),
        lastChunk(cookie),
      ]);
    await using source = await open(answer, { bytes: 4096, contexts: { [bitmap]: 2 } });
    expect(await rangesOf(source)).toEqual(["data 0+512"]);
  });

  test("are all data where the server knows no contexts", async () => {
    const onOption = (option: number) =>
      option === options.setMetaContext ? optionReply(option, optionErrors.unsupported) : undefined;
    await using source = await open(() => Buffer.alloc(0), {
      bytes: 3 * gib + 7,
      contexts: { [allocation]: 1 },
      onOption,
    });
    expect(await rangesOf(source)).toEqual([
      `data 0+${gib}`,
      `data ${gib}+${gib}`,
      `data ${2 * gib}+${gib}`,
      `data ${3 * gib}+7`,
    ]);
  });

  test("T-23: go on where an answer ended early, each context at its own place", async () => {
    const asked: number[] = [];
    await using source = await open(
      (request) => {
        asked.push(request.offset);
        // Every answer tells of 1024 bytes by one context and of 2048 by the other, beyond the end too.
        return status(
          request,
          [[1024, request.offset === 2048 ? 2 : 0]],
          [
            [1024, 1],
            [1024, 1],
          ],
        );
      },
      { bytes: 4000 },
    );
    expect(await rangesOf(source)).toEqual(["data 0+2048", "zero 2048+1024", "data 3072+928"]);
    expect(asked).toEqual([0, 1024, 2048, 3072]);
  });

  test("are asked for in spans of at most 1 GiB", async () => {
    const asked: number[] = [];
    await using source = await open(
      (request) => {
        asked.push(request.length);
        return status(request, [[0xffff_fe00, 3]], [[0xffff_fe00, 1]]);
      },
      { bytes: 2 * gib + 512 },
    );
    expect(await rangesOf(source)).toEqual([`zero 0+${gib}`, `zero ${gib}+${gib}`, `zero ${2 * gib}+512`]);
    expect(asked).toEqual([gib, gib, 512]);
  });

  test("of an empty disk are none, and nothing is asked", async () => {
    await using source = await open(() => Buffer.alloc(0), { bytes: 0 });
    expect(await rangesOf(source)).toEqual([]);
  });

  test("of a 64 GiB disk in pieces of 64 KiB need no memory that grows", async () => {
    const piece = 64 * 1024;
    const pieces = Array.from({ length: gib / piece }, (_, at): Extent => [piece, at % 2 === 0 ? 0 : 3]);
    const payload = statusPayload(1, pieces);
    await using source = await open(
      ({ cookie }) => Buffer.concat([chunk(cookie, chunkTypes.blockStatus, payload, 0), lastChunk(cookie)]),
      { bytes: 64 * gib, contexts: { [allocation]: 1 } },
    );
    const held: number[] = [];
    let [count, bytes] = [0, 0];
    for await (const { length } of source.ranges(signal)) {
      bytes += length;
      if (++count % 262_144 === 1) held.push(heldBytes());
    }
    expect([count, bytes]).toEqual([(64 * gib) / piece, 64 * gib]);
    // A quarter of a million ranges that were kept would be more than that.
    expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(4 * 1024 ** 2);
  });

  test("end when the caller ends", async () => {
    const leaving = new AbortController();
    await using source = await open(
      (request) => status(request, [[1024, request.offset % 2048 === 0 ? 0 : 2]], [[1024, 1]]),
      {
        bytes: gib,
      },
    );
    const walk = source.ranges(leaving.signal);
    await walk.next();
    leaving.abort("enough");
    await expect(walk.next()).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    for await (const _ of source.ranges(signal)) break;
  });
});

describe("a server that tells nonsense of ranges", () => {
  const whole: Extent[] = [[4096, 0]];
  test.each([
    [
      "an extent of no length",
      (request: ArrivedRequest) =>
        status(
          request,
          [
            [0, 0],
            [4096, 0],
          ],
          whole,
        ),
    ],
    ["no extent", (request: ArrivedRequest) => status(request, [], whole)],
    ["one context only", (request: ArrivedRequest) => status(request, whole)],
    [
      "one context twice",
      ({ cookie }: ArrivedRequest) => Buffer.concat([extents(cookie, 1, whole), extents(cookie, 1, whole)]),
    ],
    ["an unknown context", ({ cookie }: ArrivedRequest) => extents(cookie, 3, whole, 1)],
    ["half an extent", ({ cookie }: ArrivedRequest) => chunk(cookie, chunkTypes.blockStatus, Buffer.alloc(4 + 12))],
    ["an absurd length", ({ cookie }: ArrivedRequest) => chunk(cookie, chunkTypes.blockStatus).fill(255, 16, 20)],
    ["data", ({ cookie }: ArrivedRequest) => chunk(cookie, chunkTypes.data, Buffer.alloc(9))],
    [
      "a hole",
      ({ cookie }: ArrivedRequest) => chunk(cookie, chunkTypes.hole, Buffer.concat([Buffer.alloc(8), uint32(1)])),
    ],
    ["nothing", ({ cookie }: ArrivedRequest) => lastChunk(cookie)],
    ["a byte at a time", (request: ArrivedRequest) => status(request, [[1, 0]], whole)],
  ])("fails: %s", async (_, answer) => {
    await using source = await open(answer, { bytes: 4096 });
    await expect(rangesOf(source)).rejects.toMatchObject({ kind: "nbd", code: "protocol" });
  });

  test("an error is told as it is, and the deadline holds", async () => {
    await using failing = await open(({ cookie }) => chunk(cookie, chunkTypes.error, errorPayload(5)), { bytes: 4096 });
    await expect(rangesOf(failing)).rejects.toMatchObject({
      code: "server-error",
      errno: 5,
      message: "The NBD server failed asking about 4096 bytes at offset 0: input/output error (5).",
    });
    await using silent = await open(() => Buffer.alloc(0), { bytes: 4096 }, 250);
    await expect(rangesOf(silent)).rejects.toMatchObject({ code: "timed-out" });
  });
});
