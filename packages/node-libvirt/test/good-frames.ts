import fc from "fast-check";
import {
  encodeFrame,
  encodeXdr,
  eventMessages,
  procedures,
  programs,
  protocolVersion,
  remoteError,
  streamHole,
  type EventMessage,
  type FrameHeader,
  type Procedure,
  type XdrType,
} from "../src/protocol/index.ts";
import { arbitraryXdr } from "./arbitrary-xdr.ts";

/** What a daemon may send: replies, errors, events, streams and keepalive, with values of the kinds that each has. */
export const goodFrames = (seed: number): readonly Buffer[] => {
  const values = (type: XdrType) => fc.sample(arbitraryXdr(type), { seed, numRuns: 2 });
  const frames = (header: Partial<FrameHeader>, type: XdrType) =>
    values(type).map((value) => frameOf(header, encodeXdr(type, value)));
  return [
    ...Object.values<Procedure>(procedures).flatMap(({ program, proc, ret }) => frames({ program, proc }, ret)),
    ...Object.values<EventMessage>(eventMessages).flatMap(({ program, proc, message }) =>
      frames({ program, proc, type: "event" }, message),
    ),
    ...frames({ proc: 14, status: "error" }, remoteError),
    ...frames({ proc: 209, type: "stream-hole", status: "continue" }, streamHole),
    ...frames({ proc: 209, type: "stream", status: "error" }, remoteError),
    frameOf({ proc: 209, type: "stream", status: "continue" }, Buffer.alloc(300, 1)),
    frameOf({ proc: 209, type: "stream", status: "continue" }, Buffer.alloc(0)),
    frameOf({ proc: 209, type: "stream" }, Buffer.alloc(0)),
    frameOf({ program: programs.keepalive, proc: 1, type: "event" }, Buffer.alloc(0)),
  ];
};

export const frameOf = (header: Partial<FrameHeader>, body: Buffer): Buffer =>
  encodeFrame(
    { program: programs.remote, version: protocolVersion, proc: 1, type: "reply", serial: 1, status: "ok", ...header },
    body,
  );
