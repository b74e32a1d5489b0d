import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  connectNbd,
  listNbdExports,
  unixSocket,
  type ConnectNbdOptions,
  type NbdSource,
  type Range,
} from "../../src/nbd/index.ts";
import { applied, rangesOf } from "./disk-content.ts";
import { hasQemuNbd, qemuImg, qemuIo, serveImage, type QemuNbd } from "./qemu-nbd.ts";

const found = hasQemuNbd();
if (!found) console.warn("qemu-nbd is missing: install the package qemu-utils");
const { signal } = new AbortController();
const mib = 1024 ** 2;

const serve = async (image: string, format: "qcow2" | "raw", more: readonly string[] = []): Promise<QemuNbd> => {
  const server = await serveImage(image, format, more);
  onTestFinished(server.stop);
  return server;
};

const connectTo = async ({ path }: QemuNbd, more: Partial<ConnectNbdOptions> = {}): Promise<NbdSource> => {
  const source = await connectNbd({ socket: unixSocket(path), export: "vda", timeoutMs: 10_000, ...more });
  onTestFinished(() => source.close());
  return source;
};

/** What qemu-img says of an image, in our terms, neighbours joined. */
const mapOf = (image: string): Range[] => {
  const extents = JSON.parse(qemuImg("map", "--output=json", image)) as {
    start: number;
    length: number;
    zero: boolean;
  }[];
  const joined: Range[] = [];
  for (const { start, length, zero } of extents) {
    const is = zero ? "zero" : "data";
    const last = joined.at(-1);
    if (last?.is === is) joined[joined.length - 1] = { ...last, length: last.length + length };
    else joined.push({ offset: start, length, is });
  }
  return joined;
};

describe.skipIf(!found)("against a real qemu-nbd", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nbd-qemu-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const newImage = (name: string, size: string, commands: readonly string[]): string => {
    const image = join(folder, name);
    qemuImg("create", "-q", "-f", "qcow2", image, size);
    qemuIo(image, commands);
    return image;
  };

  const rawOf = async (image: string): Promise<Buffer> => {
    qemuImg("convert", "-O", "raw", image, `${image}.raw`);
    return await readFile(`${image}.raw`);
  };

  test("a full disk is one range, and reads as qemu-img reads it", async () => {
    const image = newImage("full.qcow2", "48M", ["write -P 7 0 16M", "write -P 9 16M 32M"]);
    const source = await connectTo(await serve(image, "qcow2"));
    expect(await rangesOf(source)).toEqual([{ offset: 0, length: 48 * mib, is: "data" }]);
    const into = Buffer.alloc(source.bytes);
    await source.read(0, into, signal);
    expect(Buffer.compare(into, await rawOf(image))).toBe(0);
  });

  test("a sparse disk has the ranges of qemu-img, and its content", async () => {
    const image = newImage("sparse.qcow2", "64M", [
      "write -P 1 0 1M",
      "write -P 2 10M 3M",
      "write -z 11M 1M",
      "write -P 3 63M 1M",
    ]);
    const source = await connectTo(await serve(image, "qcow2"));
    const ranges = await rangesOf(source);
    expect(ranges).toEqual(mapOf(image));
    expect(ranges.filter(({ is }) => is === "data")).toHaveLength(4);
    const copy = await applied(source, ranges, Buffer.alloc(source.bytes, 0xee));
    expect(Buffer.compare(copy, await rawOf(image))).toBe(0);
  });

  test("a disk of 64 GiB with little in it has few ranges, told at once", async () => {
    const image = newImage("wide.qcow2", "64G", ["write -P 1 5G 64k", "write -P 2 63G 1M"]);
    const source = await connectTo(await serve(image, "qcow2"));
    const ranges = await rangesOf(source);
    expect(ranges.filter(({ is }) => is === "data")).toEqual(mapOf(image).filter(({ is }) => is === "data"));
    expect(ranges.reduce((sum, { length }) => sum + length, 0)).toBe(64 * 1024 * mib);
    expect(ranges.length).toBeLessThan(80);
  });

  test("a fragmented disk, piece by piece", async () => {
    const image = join(folder, "fragments.raw");
    const pieces = 1000;
    const file = await open(image, "w");
    for (let at = 0; at < pieces; at++) await file.write(Buffer.alloc(65_536, at), 0, 65_536, at * 2 * 65_536);
    await file.truncate(pieces * 2 * 65_536);
    await file.close();
    const source = await connectTo(await serve(image, "raw"));
    const ranges = await rangesOf(source);
    expect(ranges).toHaveLength(pieces * 2);
    const copy = await applied(source, ranges, Buffer.alloc(source.bytes, 0xee));
    expect(Buffer.compare(copy, await readFile(image))).toBe(0);
  });

  test("a dirty bitmap tells what changed, and that which reads as zeroes; both times together are the disk of now", async () => {
    const image = newImage("changed.qcow2", "64M", ["write -P 1 0 1M", "write -P 2 10M 3M"]);
    const before = await rawOf(image);
    qemuImg("bitmap", "--add", image, "b0");
    qemuIo(image, ["write -P 3 20M 128k", "write -z 10M 1M", "discard 12M 512k", "write -P 4 0 64k"]);
    const contexts = ["base:allocation", "qemu:dirty-bitmap:b0"];
    const server = await serve(image, "qcow2", ["--bitmap=b0"]);
    const source = await connectTo(server, { contexts });
    const ranges = await rangesOf(source);
    expect(ranges).toEqual([
      { offset: 0, length: 65_536, is: "data" },
      { offset: 10 * mib, length: mib, is: "zero" },
      { offset: 12 * mib, length: mib / 2, is: "zero" },
      { offset: 20 * mib, length: 131_072, is: "data" },
    ]);
    expect(Buffer.compare(await applied(source, ranges, before), await rawOf(image))).toBe(0);
    const absent = connectTo(server, { contexts: ["qemu:dirty-bitmap:b1"] });
    await expect(absent).rejects.toMatchObject({ code: "unsupported" });
  });

  test("several connections share the reads; one too many for the server is done without", async () => {
    const image = newImage("shared.qcow2", "32M", ["write -P 5 0 32M"]);
    const expected = await rawOf(image);
    for (const more of [["--shared=4"], ["--shared=2"]]) {
      const server = await serve(image, "qcow2", more);
      const source = await connectTo(server, { connections: 4 });
      const into = Buffer.alloc(source.bytes);
      await source.read(0, into, signal);
      expect(Buffer.compare(into, expected)).toBe(0);
      await source.close();
      await server.stop();
    }
  });

  test("lists its exports, and has no other", async () => {
    const server = await serve(newImage("listed.qcow2", "1M", []), "qcow2");
    expect(await listNbdExports({ socket: unixSocket(server.path) })).toEqual(["vda"]);
    await expect(connectTo(server, { export: "vdb" })).rejects.toMatchObject({ code: "unknown-export" });
  });

  test("a server that is killed, and one that hangs, are told", async () => {
    const image = newImage("dying.qcow2", "64M", ["write -P 5 0 64M"]);
    const server = await serve(image, "qcow2");
    const killed = await connectTo(server);
    const hung = await connectTo(server, { timeoutMs: 1000 });
    server.process.kill("SIGSTOP");
    const reading = killed.read(0, Buffer.alloc(64 * mib), signal);
    await expect(hung.read(0, Buffer.alloc(mib), signal)).rejects.toMatchObject({ code: "timed-out" });
    await Promise.all([expect(reading).rejects.toMatchObject({ code: "closed" }), server.stop()]);
  });
});
