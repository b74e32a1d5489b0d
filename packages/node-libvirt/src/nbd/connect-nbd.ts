import type { NbdDial } from "./dial.ts";
import { handshake, type Agreement } from "./handshake.ts";
import { NbdConnection, type ConnectionOptions } from "./nbd-connection.ts";
import { NbdError } from "./nbd-error.ts";
import { nbdSource, type ContextIds, type NbdSource } from "./nbd-source.ts";
import { maxStringBytes } from "./numbers.ts";
import { encodeDisconnect } from "./encode-disconnect.ts";

export interface ConnectNbdOptions {
  /** Opens a byte pipe to the server: `unixSocket(path)`, `tcpSocket(port)`, or any function that gives a duplex stream. */
  readonly socket: NbdDial;
  /** Name of the export; libvirt names it like the disk's target (`vda`). Empty is the server's default one. */
  readonly export: string;
  /**
   * What `ranges` asks about: `base:allocation` and at most one `qemu:dirty-bitmap:<name>`. Default `["base:allocation"]`.
   * A server without `base:allocation` counts as one that has data everywhere; without the bitmap it is refused.
   */
  readonly contexts?: readonly string[];
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
  /** Deadline of connecting, and of each request from its sending to its last byte, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Connections for reading, where the server promises that they agree (`CAN_MULTI_CONN`). Default 1. */
  readonly connections?: number;
}

const allocationContext = "base:allocation";
const bitmapPrefix = "qemu:dirty-bitmap:";
/** A server that takes no more clients lets a connection hang. */
const patienceMs = 1000;
const longestTimeoutMs = 2 ** 31 - 1;
const maxConnections = 16;

/**
 * Opens an export of an NBD server (QEMU, a libvirt pull backup, qemu-nbd, nbdkit) for reading. Needs the fixed newstyle
 * protocol; uses structured replies where the server has them.
 * @throws {NbdError}
 */
export const connectNbd = async (options: ConnectNbdOptions): Promise<NbdSource> => {
  const { contexts = [allocationContext], timeoutMs = 60_000, connections = 1 } = options;
  checkOptions(options.export, contexts, { timeoutMs, connections });
  const settings = { dial: options.socket, timeoutMs, signal: options.signal };
  const [first, terms] = await agree(settings, options.export, contexts);
  try {
    const ids = contextIds(terms, contexts);
    const more = terms.canMultiConn ? connections - 1 : 0;
    return nbdSource([first, ...(await openMore(settings, options.export, terms, more))], terms, ids);
  } catch (error) {
    await first.close(encodeDisconnect());
    throw error;
  }
};

const agree = (settings: ConnectionOptions, exportName: string, contexts: readonly string[]) =>
  NbdConnection.open(settings, (send) => handshake(send, { exportName, contexts }));

/** More connections to the same export. They only make it faster: a server that lets nobody else in is no failure. */
const openMore = async (
  settings: ConnectionOptions,
  exportName: string,
  terms: Agreement,
  count: number,
): Promise<NbdConnection[]> => {
  if (count <= 0) return [];
  const soon = AbortSignal.timeout(patienceMs);
  const patience = { ...settings, signal: settings.signal ? AbortSignal.any([settings.signal, soon]) : soon };
  const opened = await Promise.allSettled(Array.from({ length: count }, () => agree(patience, exportName, [])));
  return opened.flatMap((one) => {
    if (one.status === "rejected") return [];
    const [connection, { bytes }] = one.value;
    if (bytes === terms.bytes) return [connection];
    void connection.close(encodeDisconnect());
    return [];
  });
};

const contextIds = (terms: Agreement, wanted: readonly string[]): ContextIds => {
  const bitmap = wanted.find((name) => name.startsWith(bitmapPrefix));
  const dirty = bitmap === undefined ? undefined : terms.contexts.get(bitmap);
  if (bitmap !== undefined && dirty === undefined) {
    throw new NbdError(
      "unsupported",
      `The NBD export has no context "${bitmap}", so it is not known what has changed. ` +
        `Was the backup started with this checkpoint, and is the bitmap's name right? A full backup needs none.`,
    );
  }
  return { allocation: terms.contexts.get(allocationContext), dirty };
};

const checkOptions = (
  exportName: string,
  contexts: readonly string[],
  numbers: Readonly<Record<"timeoutMs" | "connections", number>>,
): void => {
  checkContexts(contexts);
  for (const [what, text] of [["export", exportName], ...contexts.map((name) => ["context", name] as const)] as const) {
    if (Buffer.byteLength(text) <= maxStringBytes && !text.includes("\0")) continue;
    throw invalid(`the name of the ${what} must have at most ${maxStringBytes} bytes, none of them 0`);
  }
  for (const [what, most] of [
    ["timeoutMs", longestTimeoutMs],
    ["connections", maxConnections],
  ] as const) {
    if (numbers[what] >= 1 && numbers[what] <= most) continue;
    throw invalid(`${what} is ${numbers[what]}, 1 to ${most} are allowed`);
  }
};

const checkContexts = (contexts: readonly string[]): void => {
  const bitmaps = contexts.filter((name) => name.startsWith(bitmapPrefix));
  const strange = contexts.find((name) => name !== allocationContext && !bitmaps.includes(name));
  if (strange !== undefined) throw invalid(`the context "${strange}" is not one that is known`);
  if (new Set(contexts).size < contexts.length) throw invalid("a context is named twice");
  if (bitmaps.length > 1) throw invalid("two dirty bitmaps are asked for");
};

const invalid = (why: string): NbdError => new NbdError("invalid-argument", `Cannot open the NBD export: ${why}.`);
