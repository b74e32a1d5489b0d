import { createServer, type Server } from "node:net";
import type { Host } from "../host/host.ts";
import { createTestDriver } from "../host/create-test-driver.ts";
import { freeSocketPath } from "./free-socket-path.ts";
import type { ServerControl } from "./server-control.ts";
import { Session, type Drivers } from "./session.ts";

/** The process that serves a host on a socket, as far as it can end and begin again while the host goes on. */
export class Daemon implements ServerControl {
  readonly #host: Host;
  readonly #path: string;
  readonly #onDie: (() => void) | undefined;
  readonly #drivers: Drivers;
  readonly #sessions = new Set<Session>();
  #server: Server | undefined;
  #cancelRestart: () => void = () => {};
  #closed = false;
  #connections = 0;

  constructor(host: Host, path: string, onDie: (() => void) | undefined) {
    this.#host = host;
    this.#path = path;
    this.#onDie = onDie;
    let test: Host | undefined;
    this.#drivers = { qemu: host, test: () => (test ??= createTestDriver(host)) };
  }

  async start(): Promise<void> {
    if (this.#closed || this.#server !== undefined) return;
    const server = createServer((socket) => {
      const session = new Session(this.#drivers, socket, ++this.#connections, this);
      this.#sessions.add(session);
      socket.on("close", () => this.#sessions.delete(session));
    });
    this.#server = server;
    await freeSocketPath(this.#path);
    // It may have been stopped again meanwhile.
    if (this.#server !== server) return;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#path, resolve);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart();
    await this.#stop();
  }

  die(): void {
    void this.close().finally(() => this.#onDie?.());
  }

  restart(downMs: number): void {
    this.#cancelRestart();
    void this.#stop();
    this.#cancelRestart = this.#host.clock.after(downMs, () => void this.start());
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const session of this.#sessions) session.drop();
    if (server?.listening === true) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
