import { ConnectError } from "../errors/connect-error.ts";
import type { Transport } from "./transport.ts";
import { openUnixSocket } from "./unix-socket.ts";

/** Unix sockets of this machine, tried in order until one exists. */
export const unixTransport = (paths: readonly string[]): Transport => ({
  address: `unix socket ${paths.join(" or ")}`,
  sockets: "here",
  open: async (signal) => {
    for (const path of paths) {
      const opened = await openUnixSocket("libvirt", path, signal);
      if (opened !== "absent") return opened;
    }
    throw new ConnectError(
      "no-socket",
      `No libvirt daemon: there is no socket at ${paths.join(" nor at ")}. ` +
        `Start libvirtd or virtqemud, or name the socket in the URI with ?socket=/path.`,
    );
  },
  dial: async (path, signal) => {
    const opened = await openUnixSocket("the socket", path, signal);
    if (opened !== "absent") return opened;
    throw new ConnectError("no-socket", `There is no socket at ${path}. Has what listened there ended?`);
  },
});
