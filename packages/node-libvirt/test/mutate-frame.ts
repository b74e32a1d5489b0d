import { maxMessageBytes } from "../src/protocol/index.ts";
import type { Random } from "./random.ts";

/** Numbers where readers go wrong. */
const words = [
  0,
  1,
  2,
  3,
  7,
  27,
  28,
  0xff,
  0x7fff_ffff,
  0x8000_0000,
  0xffff_ffff,
  0xffff_fffc,
  maxMessageBytes,
  maxMessageBytes + 1,
];

type Mutation = (frame: Buffer, random: Random) => Buffer;

const flipBit: Mutation = (frame, random) => {
  const at = random.below(frame.length);
  frame.writeUInt8(frame.readUInt8(at) ^ (1 << random.below(8)), at);
  return frame;
};

const setWord: Mutation = (frame, random) => {
  frame.writeUInt32BE(random.pick(words), random.below(frame.length >> 2) * 4);
  return frame;
};

/** One of length, program, version, number, type, serial, status. */
const setHeaderWord: Mutation = (frame, random) => {
  frame.writeUInt32BE(random.pick(words), random.below(7) * 4);
  return frame;
};

const setLength: Mutation = (frame, random) => {
  frame.writeUInt32BE((frame.length + random.below(64) - 32) >>> 0, 0);
  return frame;
};

/** The length stays: the rest never comes. */
const cut: Mutation = (frame, random) => frame.subarray(0, random.below(frame.length));

/** The length fits: the message itself lacks its end. */
const shorten: Mutation = (frame, random) => withLength(frame.subarray(0, 28 + random.below(frame.length - 27)));

const extend: Mutation = (frame, random) =>
  withLength(Buffer.concat([frame, Buffer.alloc(1 + random.below(40), random.below(256))]));

const repeatPart: Mutation = (frame, random) => {
  const from = 28 + random.below(frame.length - 27);
  return withLength(Buffer.concat([frame, frame.subarray(from)]));
};

const withLength = (frame: Buffer): Buffer => {
  const whole = Buffer.from(frame);
  whole.writeUInt32BE(whole.length, 0);
  return whole;
};

const mutations: readonly Mutation[] = [flipBit, setWord, setHeaderWord, setLength, cut, shorten, extend, repeatPart];

/** A frame that differs from a good one in one to three ways. The good one stays as it is. */
export const mutateFrame = (good: Buffer, random: Random): Buffer => {
  let frame: Buffer = Buffer.from(good);
  for (let count = 1 + random.below(3); count > 0 && frame.length >= 28; count--)
    frame = random.pick(mutations)(frame, random);
  return frame;
};

/** The same bytes in up to three pieces. */
export const inChunks = (bytes: Buffer, random: Random): readonly Buffer[] => {
  const first = random.below(bytes.length + 1);
  const second = first + random.below(bytes.length - first + 1);
  return [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
};
