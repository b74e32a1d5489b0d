import { programs } from "./programs.ts";
import { nothing, type XdrType } from "./xdr-type.ts";

/** `read` changes nothing, neither at the hypervisor nor in a guest; all else is `write`. */
export type Effect = "read" | "write";

/** One remote procedure, as data that serves both sides: a client encodes `args` and decodes `ret`, a server the reverse. */
export interface Procedure<A extends XdrType = XdrType, R extends XdrType = XdrType, E extends Effect = Effect> {
  readonly program: number;
  readonly proc: number;
  readonly name: string;
  readonly effect: E;
  readonly args: A;
  readonly ret: R;
  /** A stream follows the reply; see `streamHole`. */
  readonly stream?: StreamDirection;
}

/** Which way the bytes go. */
export type StreamDirection = "download" | "upload";

/** A procedure that opens a stream. */
export interface StreamProcedure<
  A extends XdrType = XdrType,
  D extends StreamDirection = StreamDirection,
> extends Procedure<A, typeof nothing, D extends "download" ? "read" : "write"> {
  readonly stream: D;
}

type Make<E extends Effect> = <const A extends XdrType, const R extends XdrType>(
  proc: number,
  name: string,
  args: A,
  ret: R,
) => Procedure<A, R, E>;

const of =
  <E extends Effect>(program: number, effect: E): Make<E> =>
  (proc, name, args, ret) => ({ program, proc, name, effect, args, ret });

/** A procedure of the remote program that changes nothing. */
export const reads = of(programs.remote, "read");
/** A procedure of the remote program that changes something. */
export const writes = of(programs.remote, "write");
/** A procedure of the QEMU program that changes something. */
export const qemuWrites = of(programs.qemu, "write");

const opens =
  <D extends StreamDirection>(stream: D, make: Make<D extends "download" ? "read" : "write">) =>
  <const A extends XdrType>(proc: number, name: string, args: A): StreamProcedure<A, D> => ({
    ...make(proc, name, args, nothing),
    stream,
  });

/** A procedure of the remote program that is followed by bytes from the daemon. */
export const downloads = opens("download", reads);
/** A procedure of the remote program that is followed by bytes to the daemon. */
export const uploads = opens("upload", writes);
