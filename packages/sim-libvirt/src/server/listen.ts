import type { Host } from "../host/host.ts";
import { Daemon } from "./daemon.ts";

/** A daemon that serves a host. */
export interface Listener extends AsyncDisposable {
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
  const daemon = new Daemon(host, socketPath, onDie);
  await daemon.start();
  const close = () => daemon.close();
  return { socketPath, restart: (downMs) => daemon.restart(downMs), close, [Symbol.asyncDispose]: close };
};
