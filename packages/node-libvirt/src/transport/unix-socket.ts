import { createConnection } from "node:net";
import type { Duplex } from "node:stream";
import { ConnectError, type ConnectFailure } from "../errors/connect-error.ts";

/**
 * Connects to a unix socket of this machine. `what` listens there, for messages.
 * @throws {ConnectError}
 */
export const openUnixSocket = (what: string, path: string, signal?: AbortSignal): Promise<Duplex | "absent"> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(what, path, signal));
    const socket = createConnection({ path });
    const onAbort = () => {
      socket.off("connect", onConnect).destroy();
      reject(aborted(what, path, signal));
    };
    const onConnect = () => {
      signal?.removeEventListener("abort", onAbort);
      // Its user listens from now on; both happen before the next event can come.
      socket.off("error", onError);
      resolve(socket);
    };
    const onError = (error: NodeJS.ErrnoException) => {
      signal?.removeEventListener("abort", onAbort);
      if (error.code === "ENOENT") resolve("absent");
      else reject(refused(what, path, error));
    };
    signal?.addEventListener("abort", onAbort);
    socket.once("connect", onConnect).once("error", onError);
  });

const aborted = (what: string, path: string, signal: AbortSignal | undefined): ConnectError =>
  new ConnectError("aborted", `Connecting to ${what} at ${path} was given up by the caller.`, {
    cause: signal?.reason,
  });

const advice: Readonly<Record<string, readonly [ConnectFailure, string]>> = {
  EACCES: ["forbidden", "this user may not open it. Join the group libvirt, or use qemu:///session."],
  EPERM: ["forbidden", "this user may not open it. Join the group libvirt, or use qemu:///session."],
  ECONNREFUSED: ["refused", "nobody listens there. Start it again; the socket file is a leftover."],
};

const refused = (what: string, path: string, error: NodeJS.ErrnoException): ConnectError => {
  const [failure, text] = advice[error.code ?? ""] ?? ["failed", `${error.message}.`];
  return new ConnectError(failure, `Cannot connect to ${what} at ${path}: ${text}`, { cause: error });
};
