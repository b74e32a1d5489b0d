import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectNbd, listNbdExports, unixSocket } from "@quiesce/node-libvirt/nbd";
import { expect, onTestFinished, test } from "vitest";
import type { NbdExport } from "./nbd-export.ts";
import { serveNbd, type NbdTrouble } from "./nbd-server.ts";

const noTrouble: NbdTrouble = {
  at: async () => ({ cutAfter: undefined, flips: [], slowMs: 0, ends: undefined, error: undefined }),
  sleep: async () => {},
};

const content = Buffer.from("0123456789");
const served: NbdExport = {
  name: "disk",
  size: content.length,
  contexts: new Map([["base:allocation", (_offset: number, length: number) => [{ length, flags: 0 }]]]),
  read: (offset, length) => content.subarray(offset, offset + length),
};

const started = async () => {
  const dir = mkdtempSync(join(tmpdir(), "nbd-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const socketPath = join(dir, "s");
  const server = await serveNbd({ socketPath, exports: () => [served], trouble: noTrouble });
  onTestFinished(() => server.close());
  return { socketPath, server };
};

/** What the server says to a client that says this after the greeting, until it hangs up. */
const say = async (socketPath: string, ...words: readonly Buffer[]): Promise<Buffer> => {
  const socket = createConnection(socketPath);
  const heard: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => heard.push(chunk));
  for (const word of words) socket.write(word);
  await once(socket, "close");
  return Buffer.concat(heard);
};

const flags = Buffer.from([0, 0, 0, 3]);
const option = (number: number, length: number, data = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(16);
  head.write("IHAVEOPT", "latin1");
  head.writeUInt32BE(number, 8);
  head.writeUInt32BE(length, 12);
  return Buffer.concat([head, data]);
};

test("lists and serves its exports", async () => {
  const { socketPath, server } = await started();
  expect(await listNbdExports({ socket: unixSocket(socketPath) })).toEqual(["disk"]);
  await using source = await connectNbd({ socket: unixSocket(socketPath), export: "disk" });
  expect(server.connections).toBeGreaterThan(0);
  const bytes = Buffer.alloc(4);
  await source.read(3, bytes, new AbortController().signal);
  expect(bytes.toString()).toBe("3456");
  await expect(source.read(8, Buffer.alloc(4), new AbortController().signal)).rejects.toMatchObject({
    name: "NbdError",
  });
});

test("knows no other export", async () => {
  const { socketPath } = await started();
  await expect(connectNbd({ socket: unixSocket(socketPath), export: "other" })).rejects.toMatchObject({
    code: "unknown-export",
  });
});

test.each([
  ["words that are no option", [flags, Buffer.alloc(16, "x")]],
  ["an option without an end", [flags, option(3, 0xffff_ffff)]],
  ["the wish to leave", [flags, option(2, 0)]],
  ["the old way to an export that is not there", [flags, option(1, 5, Buffer.from("other"))]],
  ["the old way in, and then no request", [flags, option(1, 4, Buffer.from("disk")), Buffer.alloc(28, "x")]],
])("hangs up at %s", async (_what, words) => {
  const { socketPath } = await started();
  const heard = await say(socketPath, ...words);
  expect(heard.subarray(0, 16).toString("latin1")).toBe("NBDMAGICIHAVEOPT");
});

test("a server that is killed leaves its socket, another one takes it over", async () => {
  const { socketPath, server } = await started();
  await server.close({ killed: true });
  expect(existsSync(socketPath)).toBe(true);
  const next = await serveNbd({ socketPath, exports: () => [served], trouble: noTrouble });
  expect(await listNbdExports({ socket: unixSocket(socketPath) })).toEqual(["disk"]);
  await next.close();
  expect(existsSync(socketPath)).toBe(false);
});
