import { expect, test } from "vitest";
import {
  ack,
  chunk,
  contextReply,
  dataPayload,
  errorPayload,
  exportInfo,
  greeting,
  holePayload,
  lastChunk,
  optionReply,
  statusPayload,
} from "../../test/nbd/frames.ts";
import type { ByteProgram } from "./byte-program.ts";
import { BytePump } from "./byte-pump.ts";
import { handshake } from "./handshake.ts";
import { NbdError } from "./nbd-error.ts";
import { chunkTypes, optionReplies, options } from "./numbers.ts";
import { PendingRequest, readAnswer, statusAnswer } from "./pending-request.ts";
import { readReplies } from "./replies.ts";
import { RequestTable } from "./request-table.ts";

const frameCount = 300_000;
const framesPerStream = 30;
const readBytes = 64;
const guardBytes = 16;

/** xorshift32: the same frames in every run. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};

type Random = ReturnType<typeof randomFrom>;

const handshakeFrame = (random: Random, at: number): Buffer => {
  const option = [options.structuredReply, options.setMetaContext, options.go][random(3)] ?? 0;
  if (at === 0) return greeting();
  if (at === 1) return ack(options.structuredReply);
  if (at === 2) return contextReply(options.setMetaContext, 1, "base:allocation");
  if (at === 3) return ack(options.setMetaContext);
  if (random(3) > 0) return optionReply(options.go, optionReplies.info, exportInfo(random(1000), random(65_536)));
  return random(2) === 0 ? ack(option) : optionReply(option, 0x8000_0000 + random(12), Buffer.from("why"));
};

/** Requests have the cookies 1 to 16; the odd ones read, the even ones ask. */
const replyFrame = (random: Random): Buffer => {
  const number = 1 + random(16);
  const cookie = BigInt(number);
  const flags = random(4) === 0 ? 1 : 0;
  const from = random(readBytes);
  const offset = number * 1000 + from;
  const length = 1 + random(readBytes - from);
  switch (random(6)) {
    case 0:
      return chunk(cookie, chunkTypes.data, dataPayload(number * 1000, Buffer.alloc(readBytes, number)));
    case 1:
      return chunk(cookie, chunkTypes.data, dataPayload(offset, Buffer.alloc(length, number)), flags);
    case 2:
      return chunk(cookie, chunkTypes.hole, holePayload(offset, length), flags);
    case 3:
      return chunk(
        cookie,
        chunkTypes.blockStatus,
        statusPayload(random(3), [
          [length, random(4)],
          [512, 0],
        ]),
        flags,
      );
    case 4:
      return chunk(
        cookie,
        random(2) === 0 ? chunkTypes.error : chunkTypes.errorOffset,
        errorPayload(5, "why", 7),
        flags,
      );
    default:
      return lastChunk(cookie);
  }
};

/** Leaves most frames as they are, so that the reader gets further than the first. */
const spoilt = (frame: Buffer, random: Random): Buffer => {
  switch (random(12)) {
    case 0:
      frame[random(frame.length)] = random(256);
      return frame;
    case 1:
      return frame.subarray(0, random(frame.length));
    case 2:
      frame.fill(255, random(frame.length));
      return frame;
    default:
      return frame;
  }
};

/** What came of a stream: the protocol's error, or nothing yet. Anything else is thrown. */
const feed = (program: ByteProgram<unknown>, bytes: Buffer, random: Random): "protocol" | "refused" | "open" => {
  const pump = new BytePump(program);
  try {
    pump.start();
    for (let at = 0; at < bytes.length;) {
      // Both ways in take turns: memory of the pump itself, and bytes that lie elsewhere.
      const count = Math.min(1 + random(200), bytes.length - at);
      const space = pump.space();
      if (random(2) === 0 && space.length >= count) {
        space.set(bytes.subarray(at, at + count));
        pump.filled(count);
      } else pump.push(bytes.subarray(at, at + count));
      at += count;
    }
    return "open";
  } catch (error) {
    if (!(error instanceof NbdError)) throw error;
    return error.code === "protocol" ? "protocol" : "refused";
  }
};

interface Asked {
  readonly request: PendingRequest;
  readonly memory: Uint8Array;
}

const sixteenRequests = (table: RequestTable): Asked[] =>
  Array.from({ length: 16 }, (_, at) => {
    const memory = new Uint8Array(readBytes + 2 * guardBytes).fill(0xee);
    const into = memory.subarray(guardBytes, guardBytes + readBytes);
    const answer = at % 2 === 0 ? readAnswer(into) : statusAnswer([1]);
    const request = new PendingRequest((at + 1) * 1000, readBytes, answer);
    table.add(request);
    return { request, memory };
  });

const expectGuardsWhole = ({ memory }: Asked): void => {
  const isWhole = (part: Uint8Array) => part.every((byte) => byte === 0xee);
  if (!isWhole(memory.subarray(0, guardBytes)) || !isWhole(memory.subarray(guardBytes + readBytes))) {
    throw new Error("bytes were written beside the memory of a read");
  }
};

test(`${frameCount} spoilt frames end in an error of the protocol or in patience, never in anything else`, async () => {
  const random = randomFrom(20_260_705);
  const seen = { protocol: 0, refused: 0, open: 0, answered: 0, failed: 0 };
  for (let stream = 0; stream < frameCount / framesPerStream; stream++) {
    const isHandshake = stream % 4 === 0;
    const frames = Array.from({ length: framesPerStream }, (_, at) =>
      spoilt(isHandshake ? handshakeFrame(random, at) : replyFrame(random), random),
    );
    const table = new RequestTable(() => {});
    const asked = isHandshake ? [] : sixteenRequests(table);
    const wish = { exportName: "vda", contexts: ["base:allocation"] };
    const program = isHandshake ? handshake(() => {}, wish) : readReplies(table, true);
    seen[feed(program, Buffer.concat(frames), random)]++;
    table.failAll(new NbdError("closed", "the end"));
    for (const one of asked) expectGuardsWhole(one);
    const ends = await Promise.allSettled(asked.map(({ request }) => request.done));
    for (const { status } of ends) seen[status === "fulfilled" ? "answered" : "failed"]++;
  }
  // The fuzzing is worth something only while each of these happens often.
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(50);
});
