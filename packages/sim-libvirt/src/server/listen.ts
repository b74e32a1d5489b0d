import { createServer, type Server } from "node:net";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Host } from "../host/host.ts";
import { createTestDriver } from "../host/create-test-driver.ts";
import { Session, type Drivers } from "./session.ts";

/** Longest path that a unix socket can have on Linux. */
const maxPathBytes = 107;

export interface Listener {
  readonly socketPath: string;
  /** Ends the daemon now and has it listen again after `downMs`. The host and its guests stay as they are. */
  restart(downMs: number): void;
  /** Closes the socket and every connection. The host and its guests stay as they are. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** What a fault of kind `die` does after all sockets are closed. */
  readonly onDie?: (() => void) | undefined;
}

/** Serves a host on a unix socket. @throws {Error} when the path cannot be used; it says why. */
export const listen = async (host: Host, socketPath: string, { onDie }: ListenOptions = {}): Promise<Listener> => {
  if (Buffer.byteLength(socketPath) > maxPathBytes) {
    throw new Error(`The socket path ${socketPath} is longer than ${maxPathBytes} bytes; choose a shorter folder.`);
  }
  await mkdir(dirname(socketPath), { recursive: true });
  const daemon = new Daemon(host, socketPath, onDie);
  await daemon.start();
  return { socketPath, restart: (downMs) => daemon.restart(downMs), close: () => daemon.close() };
};

class Daemon {
  readonly #host: Host;
  readonly #drivers: Drivers;
  readonly #path: string;
  readonly #onDie: (() => void) | undefined;
  readonly #sessions = new Set<Session>();
  #server: Server | undefined;
  #cancelRestart: () => void = () => {};
  #connections = 0;

  constructor(host: Host, path: string, onDie: (() => void) | undefined) {
    this.#host = host;
    let test: Host | undefined;
    this.#drivers = { qemu: host, test: () => (test ??= createTestDriver(host)) };
    this.#path = path;
    this.#onDie = onDie;
  }

  async start(): Promise<void> {
    // Left by a daemon that was killed.
    await rm(this.#path, { force: true });
    const server = createServer((socket) => {
      const session = new Session(this.#drivers, socket, ++this.#connections, this);
      this.#sessions.add(session);
      socket.on("close", () => this.#sessions.delete(session));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#path, resolve);
    });
    this.#server = server;
  }

  async close(): Promise<void> {
    this.#cancelRestart();
    const server = this.#server;
    this.#server = undefined;
    for (const session of this.#sessions) session.drop();
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  die(): void {
    void this.close().then(() => this.#onDie?.());
  }

  restart(downMs: number): void {
    void this.#restart(downMs);
  }

  async #restart(downMs: number): Promise<void> {
    await this.close();
    this.#cancelRestart = this.#host.clock.after(downMs, () => void this.start());
  }
}
