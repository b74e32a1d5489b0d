import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { FrameSplitter } from "@quiesce/node-libvirt/protocol";
import { createObserving } from "./create-observing.ts";
import type { Pass } from "./create-points.ts";
import { readCall } from "./read-call.ts";

/** What this process does on a connection to a daemon. */
interface Line {
  readonly replies: FrameSplitter;
  /** What to do when the reply with a serial is here. */
  readonly waiting: Map<number, () => void>;
}

/**
 * Every call that may change something: before it is sent, when it has been sent, and when its reply has arrived and
 * nobody has seen it yet. Then the first look at the same object: before it is sent, and when its reply has arrived.
 */
export const watchLibvirt = (pass: Pass): void => {
  const lines = new WeakMap<Duplex, Line>();
  const observing = createObserving();
  const lineOf = (socket: Duplex): Line => {
    const line = lines.get(socket) ?? { replies: new FrameSplitter(), waiting: new Map() };
    lines.set(socket, line);
    return line;
  };

  const { write, push } = Duplex.prototype;
  Socket.prototype.write = function (this: Socket, ...given: readonly unknown[]): boolean {
    // Its overloads leave no one type for what is only handed on.
    const args = given as Parameters<typeof write>;
    const call = readCall(args[0]);
    if (call === undefined) return write.apply(this, args);
    const { waiting } = lineOf(this);
    const writes = call.effect === "writes";
    if (!writes && !(call.effect === "reads" && observing.isFirstLook(call))) return write.apply(this, args);
    pass(`before ${call.title}`);
    waiting.set(call.serial, () => {
      if (writes) observing.changed(call);
      pass(`answered ${call.title}`);
    });
    const flowing = write.apply(this, args);
    if (writes) pass(`sent ${call.title}`);
    return flowing;
  };

  Socket.prototype.push = function (chunk: unknown, encoding?: BufferEncoding): boolean {
    const line = lines.get(this);
    if (line !== undefined && Buffer.isBuffer(chunk)) settleReplies(line, chunk);
    return push.call(this, chunk, encoding);
  };
};

const settleReplies = ({ replies, waiting }: Line, chunk: Buffer): void => {
  for (const { header } of replies.push(chunk)) {
    // Of a stream only its end answers something.
    if (header.type !== "reply" && (header.type !== "stream" || header.status === "continue")) continue;
    const settle = waiting.get(header.serial);
    waiting.delete(header.serial);
    settle?.();
  }
};
