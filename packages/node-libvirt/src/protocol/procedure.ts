import { programs } from "./programs.ts";
import type { XdrType } from "./xdr-type.ts";

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
