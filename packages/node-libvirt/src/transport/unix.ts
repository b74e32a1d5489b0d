import { createConnection } from "node:net";
import type { Duplex } from "node:stream";
import { ConnectError, type ConnectFailure } from "../errors/connect-error.ts";
import type { Transport } from "./transport.ts";

/** Unix sockets of this machine, tried in order until one exists. */
export const unixTransport = (paths: readonly string[]): Transport => ({
  address: `unix socket ${paths.join(" or ")}`,
  open: async (signal) => {
    for (const path of paths) {
      const opened = await openSocket(path, signal);
      if (opened !== "absent") return opened;
    }
    throw new ConnectError(
      "no-socket",
      `No libvirt daemon: there is no socket at ${paths.join(" nor at ")}. ` +
        `Start libvirtd or virtqemud, or name the socket in the URI with ?socket=/path.`,
    );
  },
});

const openSocket = (path: string, signal: AbortSignal): Promise<Duplex | "absent"> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted(path, signal));
    const socket = createConnection({ path });
    const onAbort = () => {
      socket.off("connect", onConnect).destroy();
      reject(aborted(path, signal));
    };
    const onConnect = () => {
      signal.removeEventListener("abort", onAbort);
      // Its user listens from now on; both happen before the next event can come.
      socket.off("error", onError);
      resolve(socket);
    };
    const onError = (error: NodeJS.ErrnoException) => {
      signal.removeEventListener("abort", onAbort);
      if (error.code === "ENOENT") resolve("absent");
      else reject(refused(path, error));
    };
    signal.addEventListener("abort", onAbort);
    socket.once("connect", onConnect).once("error", onError);
  });

const aborted = (path: string, signal: AbortSignal): ConnectError =>
  new ConnectError("aborted", `Connecting to libvirt at ${path} was given up by the caller.`, { cause: signal.reason });

const advice: Readonly<Record<string, readonly [ConnectFailure, string]>> = {
  EACCES: ["forbidden", "this user may not open it. Join the group libvirt, or use qemu:///session."],
  EPERM: ["forbidden", "this user may not open it. Join the group libvirt, or use qemu:///session."],
  ECONNREFUSED: ["refused", "nobody listens there. Start the daemon again; the socket file is a leftover."],
};

const refused = (path: string, error: NodeJS.ErrnoException): ConnectError => {
  const [failure, text] = advice[error.code ?? ""] ?? ["failed", `${error.message}.`];
  return new ConnectError(failure, `Cannot connect to libvirt at ${path}: ${text}`, { cause: error });
};
