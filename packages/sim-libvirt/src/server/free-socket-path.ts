import { lstat, mkdir, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { dirname } from "node:path";

/** Longest path that a unix socket can have on Linux. */
const maxPathBytes = 107;

/**
 * Makes a path ready to listen on: its folder is made, and a socket that nobody serves any more is removed.
 * @throws {Error} when the path cannot be used; the message says why and what to do
 */
export const freeSocketPath = async (path: string): Promise<void> => {
  if (Buffer.byteLength(path) > maxPathBytes) {
    throw new Error(`The socket path ${path} is longer than ${maxPathBytes} bytes; choose a shorter folder.`);
  }
  await mkdir(dirname(path), { recursive: true });
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) return;
  if (!there.isSocket()) throw new Error(`${path} is there and is no socket; choose another path or move it away.`);
  if (await isServed(path)) throw new Error(`Another process listens on ${path}; end it or choose another path.`);
  await rm(path, { force: true });
};

const isServed = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
