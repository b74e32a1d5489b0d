import {
  decodeXdr,
  encodeFrame,
  encodeXdr,
  remoteError,
  streamHole,
  type Frame,
  type FrameHeader,
} from "@quiesce/node-libvirt/protocol";
import type { ServerStream, StreamPart } from "../calls/server-stream.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { Failure, toRemoteError } from "../failure/failure.ts";
import { flipBytes, type ByteFaults } from "../faults/byte-faults.ts";
import { asFailure } from "./reply.ts";

/** What a stream needs of its connection. */
export interface StreamLink {
  /** Resolves when the client may be sent more. */
  readonly send: (frame: Buffer) => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly drop: () => void;
}

interface OpenStream {
  readonly header: FrameHeader;
  readonly stream: ServerStream;
  readonly faults: ByteFaults;
  /** Bytes that have passed. */
  passed: number;
}

/** The streams of one connection, by the serial of the call that opened each. */
export class Streams {
  readonly #link: StreamLink;
  readonly #open = new Map<number, OpenStream>();
  /** Messages of uploads are taken one after the other. */
  #taking: Promise<void> = Promise.resolve();

  constructor(link: StreamLink) {
    this.#link = link;
  }

  /** The reply to the call is out: bytes may follow. */
  open(header: FrameHeader, stream: ServerStream, faults: ByteFaults): void {
    const opened = { header, stream, faults, passed: 0 };
    this.#open.set(header.serial, opened);
    if (stream.kind === "download") void this.#download(opened, stream.parts);
  }

  /** A message of a stream has come. Those of streams that have ended are dropped. */
  take(frame: Frame): void {
    this.#taking = this.#taking.then(() => this.#take(frame));
  }

  /** The connection is gone. */
  clear(): void {
    for (const { stream } of this.#open.values()) if (stream.kind === "upload") stream.abandon();
    this.#open.clear();
  }

  async #take({ header, body }: Frame): Promise<void> {
    const opened = this.#open.get(header.serial);
    if (opened === undefined) return;
    switch (header.status) {
      case "continue":
        return this.#receive(opened, header.type === "stream-hole" ? readHole(body) : { data: body });
      case "ok":
        return this.#finish(opened);
      case "error":
        if (opened.stream.kind === "upload") opened.stream.abandon();
        return this.#fail(opened, abortedByClient());
    }
  }

  async #receive(opened: OpenStream, part: StreamPart): Promise<void> {
    const { stream, faults } = opened;
    if (stream.kind !== "upload") return;
    await this.#link.sleep(faults.slowMs);
    try {
      stream.write(this.#upToCut(opened, part));
    } catch (error) {
      stream.abandon();
      return this.#fail(opened, asFailure(error));
    }
    if (this.#isCut(opened)) this.#link.drop();
  }

  async #finish(opened: OpenStream): Promise<void> {
    try {
      if (opened.stream.kind === "upload") opened.stream.finish();
    } catch (error) {
      return this.#fail(opened, asFailure(error));
    }
    this.#open.delete(opened.header.serial);
    await this.#link.send(encodeFrame({ ...opened.header, type: "stream", status: "ok" }, Buffer.alloc(0)));
  }

  async #fail({ header }: OpenStream, reason: Failure): Promise<void> {
    this.#open.delete(header.serial);
    const body = encodeXdr(remoteError, toRemoteError(reason));
    await this.#link.send(encodeFrame({ ...header, type: "stream", status: "error" }, body));
  }

  async #download(opened: OpenStream, parts: Iterable<StreamPart>): Promise<void> {
    const { header, faults } = opened;
    try {
      for (const part of parts) {
        // It may have been broken off.
        if (!this.#open.has(header.serial)) return;
        await this.#link.sleep(faults.slowMs);
        const at = opened.passed;
        const sent = this.#upToCut(opened, part);
        await this.#link.send(
          encodePart(header, "data" in sent ? { data: flipBytes(faults.flips, at, sent.data) } : sent),
        );
        if (this.#isCut(opened)) return this.#link.drop();
      }
      await this.#link.send(encodePart(header, { data: Buffer.alloc(0) }));
    } catch (error) {
      await this.#fail(opened, asFailure(error));
    }
  }

  /** Counts what passes, and shortens what goes beyond the place where the connection is to end. */
  #upToCut(opened: OpenStream, part: StreamPart): StreamPart {
    const { cutAfter = Infinity } = opened.faults;
    const length = Math.min("data" in part ? part.data.length : part.hole, cutAfter - opened.passed);
    opened.passed += length;
    return "data" in part ? { data: part.data.subarray(0, length) } : { hole: length };
  }

  #isCut({ passed, faults: { cutAfter } }: OpenStream): boolean {
    return cutAfter !== undefined && passed >= cutAfter;
  }
}

const readHole = (body: Buffer): StreamPart => ({ hole: Number(decodeXdr(streamHole, body).length) });

const encodePart = (header: FrameHeader, part: StreamPart): Buffer =>
  "data" in part
    ? encodeFrame({ ...header, type: "stream", status: "continue" }, part.data)
    : encodeFrame(
        { ...header, type: "stream-hole", status: "continue" },
        encodeXdr(streamHole, { length: BigInt(part.hole), flags: 0 }),
      );

const abortedByClient = (): Failure =>
  new Failure(errorCodes.rpc.code, errorDomains.rpc, "stream aborted at client request");
