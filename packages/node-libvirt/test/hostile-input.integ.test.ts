import { duplexPair, type Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { Connection } from "../src/connection/connection.ts";
import { isClientError } from "../src/index.ts";
import {
  decodeXdr,
  findEventMessage,
  findProcedure,
  FrameSplitter,
  keepaliveProcs,
  procedures,
  programs,
  ProtocolError,
  remoteError,
  streamHole,
  type Frame,
} from "../src/protocol/index.ts";
import { frameOf, goodFrames } from "./good-frames.ts";
import { inChunks, mutateFrame } from "./mutate-frame.ts";
import { randomFrom, type Random } from "./random.ts";

const seed = Number(process.env["QUIESCE_FUZZ_SEED"] ?? Date.now() % 1_000_000_007);
const framesToRead = 850_000;
const framesToSend = 150_000;
const MiB = 1_048_576;
/** Some ten seconds of one processor; a busy machine has less than one for it. */
const patience = { timeout: 300_000 };

/** Reads a message as its receiver would. */
const read = ({ header, body }: Frame): unknown => {
  if (header.status === "error") return decodeXdr(remoteError, body);
  if (header.type === "stream-hole") return decodeXdr(streamHole, body);
  const event = header.type === "event" ? findEventMessage(header.program, header.proc) : undefined;
  const type = event?.message ?? findProcedure(header.program, header.proc)?.ret;
  return type === undefined ? undefined : decodeXdr(type, body);
};

/** Memory that grows with the input would show: a tenth of what is read is far more than this. */
const memoryBound = () => {
  const start = process.memoryUsage();
  return () => {
    const now = process.memoryUsage();
    const grown = now.heapUsed + now.arrayBuffers - start.heapUsed - start.arrayBuffers;
    expect(grown).toBeLessThan(192 * MiB);
  };
};

// Most of the time would go into stacks that nobody reads.
Error.stackTraceLimit = 0;

describe(`hostile input, QUIESCE_FUZZ_SEED=${seed}`, () => {
  test(`${framesToRead} messages are read or refused`, patience, () => {
    const random = randomFrom(seed);
    const good = goodFrames(seed);
    const checkMemory = memoryBound();
    const count = { read: 0, waiting: 0, refused: 0 };
    for (let index = 0; index < framesToRead; index++) {
      const splitter = new FrameSplitter();
      let frames = 0;
      try {
        for (const chunk of inChunks(mutateFrame(random.pick(good), random), random)) {
          for (const frame of splitter.push(chunk)) {
            frames++;
            read(frame);
          }
        }
        count[frames === 0 ? "waiting" : "read"]++;
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        count.refused++;
      }
      if (index % 100_000 === 0) checkMemory();
    }
    // Otherwise the mutations would be too tame or too wild to try anything.
    for (const kind of Object.values(count)) expect(kind).toBeGreaterThan(framesToRead / 20);
  });

  test(
    `${framesToSend} messages to connections with calls and streams under way end each in a result or an error`,
    patience,
    async () => {
      const random = randomFrom(seed + 1);
      const good = goodFrames(seed);
      const checkMemory = memoryBound();
      const count = { ok: 0, error: 0, frames: 0 };
      while (count.frames < framesToSend) {
        const [ours, theirs] = duplexPair();
        const connection = new Connection(ours, { callTimeoutMs: 60_000, maxUnfinished: 8 });
        const outcomes = Promise.allSettled(begin(connection, random));
        count.frames += await attack(theirs, good, random);
        // Whatever came, it ends: by itself or when it is closed.
        await connection.close();
        for (const outcome of await outcomes) {
          count[outcome.status === "fulfilled" ? "ok" : "error"]++;
          if (outcome.status === "rejected" && !isClientError(outcome.reason)) throw outcome.reason;
        }
        checkMemory();
      }
      expect(count.ok).toBeGreaterThan(1000);
      expect(count.error).toBeGreaterThan(1000);
    },
  );
});

const volume = { pool: "p", name: "v", key: "/v" };

/** Calls with the serials 1 to 4, then perhaps a stream with the serial 5. */
const begin = (connection: Connection, random: Random): readonly Promise<unknown>[] => [
  connection.call(procedures.connectGetHostname, undefined),
  connection.call(procedures.nodeGetInfo, undefined),
  connection.call(procedures.connectGetCapabilities, undefined),
  connection.call(procedures.authList, undefined),
  ...random.pick([[], [download], [upload]]).map((stream) => stream(connection)),
];

const streamArgs = { volume, offset: 0n, length: 0n, flags: 1 };
const streamOptions = { stallMs: 60_000, signal: undefined };

const download = async (connection: Connection): Promise<void> => {
  const stream = await connection.openStream(procedures.storageVolDownload, streamArgs, streamOptions);
  while ((await stream.next()) !== undefined);
  await stream.finish();
};

const upload = async (connection: Connection): Promise<void> => {
  const stream = await connection.openStream(procedures.storageVolUpload, streamArgs, streamOptions);
  await stream.send({ kind: "data", bytes: Buffer.alloc(10) });
  await stream.finish();
};

/** Sends some messages: answers, streams in and out of order, and mutated ones. Returns how many. */
const attack = async (daemon: Duplex, good: readonly Buffer[], random: Random): Promise<number> => {
  daemon.on("error", () => {}).resume();
  const frames = Array.from({ length: 1 + random.below(30) }, () => nextFrame(good, random));
  for (const chunk of inChunks(Buffer.concat(frames), random)) {
    if (!daemon.destroyed) daemon.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return frames.length;
};

const answers = (): readonly Buffer[] => [
  frameOf({ proc: procedures.connectGetHostname.proc, serial: 1 }, Buffer.from([0, 0, 0, 1, 0x61, 0, 0, 0])),
  frameOf({ proc: procedures.nodeGetInfo.proc, serial: 2 }, Buffer.alloc(32 * 4 + 8 + 6 * 4)),
  frameOf({ proc: procedures.connectGetCapabilities.proc, serial: 3 }, Buffer.alloc(4)),
  frameOf({ proc: procedures.authList.proc, serial: 4 }, Buffer.alloc(4)),
];

const streamed = (): readonly Buffer[] =>
  [procedures.storageVolDownload, procedures.storageVolUpload].flatMap(({ proc }) => {
    const of = { proc, serial: 5, type: "stream" } as const;
    return [
      frameOf({ proc, serial: 5 }, Buffer.alloc(0)),
      frameOf({ proc, serial: 5 }, Buffer.alloc(0)),
      frameOf({ ...of, status: "continue" }, Buffer.alloc(100)),
      frameOf({ ...of, status: "continue" }, Buffer.alloc(0)),
      frameOf({ ...of, type: "stream-hole", status: "continue" }, Buffer.from([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])),
      frameOf(of, Buffer.alloc(0)),
      frameOf({ ...of, status: "error" }, Buffer.alloc(0)),
    ];
  });

const ping = frameOf(
  { program: programs.keepalive, proc: keepaliveProcs.ping, type: "event", serial: 0 },
  Buffer.alloc(0),
);
const orderly = [...answers(), ...streamed(), ping];

const nextFrame = (good: readonly Buffer[], random: Random): Buffer => {
  const kind = random.below(10);
  if (kind < 7) return random.pick(orderly);
  return kind < 9 ? mutateFrame(random.pick(orderly), random) : mutateFrame(random.pick(good), random);
};
