import { failure, type DiskRange, type DiskSource } from "@quiesce/core";
import type { LibvirtReader, StreamPart, VolumeRef } from "@quiesce/node-libvirt";

/**
 * A volume's file as a disk's content, by one download from its beginning: reads in order of offset cost nothing but their bytes,
 * and holes are not sent. A read further back begins a new download there.
 */
export class ContentSource implements DiskSource {
  readonly bytes: number;
  readonly #volumes: LibvirtReader["volumes"];
  readonly #volume: VolumeRef;
  readonly #closed = new AbortController();
  #stream: AsyncGenerator<StreamPart, void, undefined> | undefined;
  /** Where the stream is. */
  #at = 0;
  #rest: StreamPart | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ volumes }: Pick<LibvirtReader, "volumes">, volume: VolumeRef, bytes: number) {
    this.#volumes = volumes;
    this.#volume = volume;
    this.bytes = bytes;
  }

  async *ranges(): AsyncGenerator<DiskRange, void, undefined> {
    if (this.bytes > 0) yield { offset: 0, length: this.bytes, is: "data" };
  }

  /** One after the other, in the order of the calls. */
  read(offset: number, into: Uint8Array, signal: AbortSignal): Promise<void> {
    const mine = this.#turn.then(() => this.#fill(offset, into, signal));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#stream?.return().catch(() => {});
  }

  async #fill(offset: number, into: Uint8Array, signal: AbortSignal): Promise<void> {
    const stream = await this.#streamAt(offset);
    while (this.#at < offset) await this.#take(stream, offset - this.#at);
    for (let filled = 0; filled < into.length;) {
      signal.throwIfAborted();
      const part = await this.#take(stream, into.length - filled);
      if (part.kind === "data") into.set(part.bytes, filled);
      else into.fill(0, filled, filled + part.length);
      filled += lengthOf(part);
    }
  }

  async #streamAt(offset: number): Promise<AsyncGenerator<StreamPart, void, undefined>> {
    if (this.#stream !== undefined && this.#at <= offset) return this.#stream;
    await this.#stream?.return();
    this.#at = offset;
    this.#rest = undefined;
    this.#stream = this.#volumes.download(this.#volume, { offset, sparse: true, signal: this.#closed.signal });
    return this.#stream;
  }

  /** The next bytes, at most so many. */
  async #take(stream: AsyncGenerator<StreamPart, void, undefined>, most: number): Promise<StreamPart> {
    const part = this.#rest ?? (await this.#next(stream));
    const length = Math.min(lengthOf(part), most);
    this.#at += length;
    const [taken, rest] = cut(part, length);
    this.#rest = lengthOf(rest) === 0 ? undefined : rest;
    return taken;
  }

  async #next(stream: AsyncGenerator<StreamPart, void, undefined>): Promise<StreamPart> {
    const { value, done } = await stream.next();
    if (done !== true) return value;
    const { pool, name } = this.#volume;
    throw failure(
      "conflict",
      `The volume ${pool}/${name} ended at byte ${this.#at}, earlier than before: somebody works on it.`,
    );
  }
}

const lengthOf = (part: StreamPart): number => (part.kind === "data" ? part.bytes.length : part.length);

const cut = (part: StreamPart, at: number): readonly [StreamPart, StreamPart] =>
  part.kind === "data"
    ? [
        { kind: "data", bytes: part.bytes.subarray(0, at) },
        { kind: "data", bytes: part.bytes.subarray(at) },
      ]
    : [
        { kind: "hole", length: at },
        { kind: "hole", length: part.length - at },
      ];
