import { connectNbd, listNbdExports, NbdError, unixSocket, type NbdDial } from "@quiesce/node-libvirt/nbd";
import type { Dialer } from "@quiesce/node-libvirt";
import type { Reader } from "./session.ts";

/** A silent QEMU is told apart from a slow disk by this: the deadline of one question or one read. */
const timeoutMs = 60_000;

/** Connections of one copy; QEMU promises that they agree. Elsewhere each is a process of ssh. */
const connections = { here: 4, elsewhere: 2 } as const;

/** How a session reaches the NBD servers of backup jobs on the daemon's host. */
export const exportsOf = (transport: Dialer): Pick<Reader, "openExport" | "listExports"> => {
  const dial = dialOf(transport);
  const count = connections[transport.sockets === "here" ? "here" : "elsewhere"];
  return {
    openExport: async (socket, { name, changes }, signal) => {
      const contexts = ["base:allocation", ...(changes === undefined ? [] : [`qemu:dirty-bitmap:${changes}`])];
      return await connectNbd({ socket: dial(socket), export: name, contexts, signal, timeoutMs, connections: count });
    },
    listExports: async (socket, signal) => {
      try {
        return await listNbdExports({ socket: dial(socket), signal, timeoutMs });
      } catch (thrown) {
        if (thrown instanceof NbdError && (thrown.code === "connect" || thrown.code === "closed")) return [];
        throw thrown;
      }
    },
  };
};

/** A socket of this machine is read straight into the copy's memory. */
const dialOf = (transport: Dialer): ((socket: string) => NbdDial) =>
  transport.sockets === "here" ? unixSocket : (socket) => (_, signal) => transport.dial(socket, signal);
