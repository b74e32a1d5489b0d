import { createServer, type Socket } from "node:net";
import { rename, rm } from "node:fs/promises";
import { failure } from "../failure/failure.ts";
import { flipBytes, type ByteFaults } from "../faults/byte-faults.ts";
import type { NbdMoment } from "../faults/fault.ts";
import { writeWhenReady } from "../server/write-when-ready.ts";
import { ByteReader } from "./byte-reader.ts";
import { commands } from "./nbd-numbers.ts";
import type { NbdExport } from "./nbd-export.ts";
import { negotiate } from "./negotiate.ts";
import { transmit, type Disturbance } from "./transmit.ts";

/** What a test has ordered to go wrong. */
export interface NbdTrouble {
  /** Tells what is to happen now, once what is delayed may go on. */
  readonly at: (moment: NbdMoment, exportName: string) => Promise<NbdMishap>;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface NbdMishap extends ByteFaults {
  /** `hang`: no answer, ever. */
  readonly ends: "hang" | "drop" | undefined;
  /** To answer with. */
  readonly error: number | undefined;
}

export interface NbdServer {
  /** Clients that have chosen an export and are still there. */
  readonly connections: number;
  /** A server that was killed leaves its socket behind. */
  close(how?: { readonly killed: boolean }): Promise<void>;
}

interface ServerOptions {
  readonly socketPath: string;
  /** Asked for when a client connects. */
  readonly exports: () => readonly NbdExport[];
  readonly trouble: NbdTrouble;
}

const maxPathBytes = 107;

/** Serves disks to read on a unix socket; a file that is there gives way, as with QEMU. @throws {Failure} */
export const serveNbd = async ({ socketPath, exports, trouble }: ServerOptions): Promise<NbdServer> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    void serveClient(socket, exports(), trouble).finally(() => socket.destroy());
  });
  if (Buffer.byteLength(socketPath) > maxPathBytes) throw refusal(`UNIX socket path '${socketPath}' is too long`);
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", () => reject(refusal(`Failed to bind socket to ${socketPath}: No such file or directory`)));
    server.listen(socketPath, resolve);
  });
  return {
    get connections() {
      return sockets.size;
    },
    close: async ({ killed } = { killed: false }) => {
      for (const socket of sockets) socket.destroy();
      const aside = `${socketPath}.left`;
      // The server removes its socket when it is closed.
      if (killed) await rename(socketPath, aside);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (killed) await rename(aside, socketPath);
    },
  };
};

const refusal = (reason: string) =>
  failure("internal-error", "qemu", `unable to execute QEMU command 'nbd-server-start': ${reason}`);

/** One connection. It ends when the client goes, says nonsense, or a test has ordered it. */
const serveClient = async (socket: Socket, exports: readonly NbdExport[], trouble: NbdTrouble): Promise<void> => {
  try {
    const reader = new ByteReader(socket);
    const plain = { reader, write: (bytes: Buffer) => send(socket, bytes) };
    const agreement = await negotiate(plain, exports);
    if (agreement === undefined) return;
    const { name } = agreement.target;
    const connection = await trouble.at("nbd-connect", name);
    await endAs(connection, socket);
    const wire = { reader, write: limited(socket, connection.cutAfter) };
    await transmit(wire, agreement, disturb(socket, name, connection, trouble));
  } catch (error) {
    if (!(error instanceof ConnectionGone) && !isSocketError(error)) throw error;
  }
};

class ConnectionGone extends Error {
  override readonly name = "ConnectionGone";
}

const isSocketError = (error: unknown): boolean => error instanceof Error && "code" in error;

const endAs = async ({ ends }: NbdMishap, socket: Socket): Promise<void> => {
  if (ends === "drop") throw new ConnectionGone();
  if (ends === "hang") await new Promise((resolve) => socket.once("close", resolve));
};

const disturb = (socket: Socket, name: string, connection: NbdMishap, trouble: NbdTrouble): Disturbance => {
  let flips = connection.flips;
  return {
    before: async ({ command }) => {
      const moment = command === commands.blockStatus ? "nbd-block-status" : "nbd-read";
      const mishap = await trouble.at(moment, name);
      await endAs(mishap, socket);
      await trouble.sleep(connection.slowMs + mishap.slowMs);
      flips = [...connection.flips, ...mishap.flips];
      return mishap.error;
    },
    onRead: (offset, bytes) => flipBytes(flips, offset, bytes),
  };
};

const send = async (socket: Socket, bytes: Buffer): Promise<void> => {
  if (socket.destroyed) throw new ConnectionGone();
  await writeWhenReady(socket, bytes);
};

/** Hangs up in the middle of a message, after so many bytes. */
const limited = (socket: Socket, limit: number | undefined) => {
  let left = limit ?? Infinity;
  return async (bytes: Buffer): Promise<void> => {
    const sent = bytes.subarray(0, Math.min(left, bytes.length));
    left -= sent.length;
    await send(socket, sent);
    if (sent.length === bytes.length) return;
    socket.destroySoon();
    throw new ConnectionGone();
  };
};
