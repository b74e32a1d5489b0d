import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { connected } from "../../test/connected.ts";
import { errorBody, openSession, startDaemon, type ArrivedCall } from "../../test/scripted-daemon.ts";
import type { StreamPart } from "../connection/stream-part.ts";
import { encodeXdr } from "../protocol/encode-xdr.ts";
import { procedures } from "../protocol/procedures.ts";
import { maxStreamBytes, streamHole } from "../protocol/stream.ts";

const { storageVolDownload: download, storageVolUpload: upload } = procedures;
const volume = { pool: "p", name: "v", key: "/p/v" };
const bytes = (size: number, fill = 7) => Buffer.alloc(size, fill);
const spaceError = errorBody(38, "no space");
const hole = (length: bigint) => encodeXdr(streamHole, { length, flags: 0 });

/** Opens sessions and streams; what happens in a stream is the test's. */
const serve = (streamed: (call: ArrivedCall) => void) => (call: ArrivedCall) => {
  if (openSession(call)) return;
  if (call.procedure === download) call.reply(download, undefined);
  if (call.procedure === upload) call.reply(upload, undefined);
  streamed(call);
};

const start = async (streamed: (call: ArrivedCall) => void = () => {}) => {
  const daemon = await startDaemon(serve(streamed));
  const libvirt = await connected(daemon.uri);
  return { daemon, libvirt };
};

const confirming = async () => {
  const { daemon, libvirt } = await start();
  daemon.onStreamed = ({ header }) => {
    if (header.status !== "continue") daemon.first(upload).stream("ok");
  };
  return { daemon, libvirt };
};

const all = async (parts: AsyncIterable<StreamPart>): Promise<StreamPart[]> => await Array.fromAsync(parts);

async function* source(...parts: readonly StreamPart[]): AsyncGenerator<StreamPart> {
  yield* parts;
}
const data = (...sizes: readonly number[]) =>
  source(...sizes.map((size): StreamPart => ({ kind: "data", bytes: bytes(size) })));

describe("a download", () => {
  test("gives data and holes in order, and ends when both sides say so", async () => {
    const { daemon, libvirt } = await start((call) => {
      call.stream("continue", bytes(3));
      call.raw({ type: "stream-hole", status: "continue" }, hole(5n));
      call.stream("continue");
    });
    daemon.onStreamed = () => daemon.first(download).stream("ok");
    expect(await all(libvirt.volumes.download(volume, { offset: 9, length: 8, sparse: true }))).toEqual([
      { kind: "data", bytes: bytes(3) },
      { kind: "hole", length: 5 },
    ]);
    expect(daemon.first(download).args).toEqual({ volume, offset: 9n, length: 8n, flags: 1 });
    expect(daemon.streamed.map(({ header, body }) => [header.type, header.status, body.length])).toEqual([
      ["stream", "ok", 0],
    ]);
  });

  test("does not read on while nobody takes what has come", async () => {
    const { daemon, libvirt } = await start();
    const parts = libvirt.volumes.download(volume);
    const first = parts.next();
    await vi.waitFor(() => expect(daemon.of(download)).toHaveLength(1));
    const call = daemon.first(download);
    const chunks = 200;
    for (let index = 0; index < chunks; index++) call.stream("continue", bytes(maxStreamBytes, index));
    await first;
    await sleep(100);
    const unread = call.client.writableLength;
    expect(unread).toBeGreaterThan((chunks - 10) * maxStreamBytes);
    // Other calls go on: they have other connections.
    await expect(libvirt.domains.byName("db", { timeoutMs: 50 })).rejects.toMatchObject({ kind: "timed-out" });
    expect(daemon.of(procedures.domainLookupByName)).toHaveLength(1);
    daemon.onStreamed = () => call.stream("ok");
    call.stream("continue");
    let index = 1;
    for await (const part of parts) expect(part).toMatchObject({ bytes: { 0: index++ } });
    expect(index).toBe(chunks);
  });

  test.each([
    ["ends its connection", (call: ArrivedCall) => call.client.destroy(), { kind: "connection-lost" }],
    ["falls silent", () => {}, { kind: "timed-out", timeoutMs: 100 }],
    [
      "sends a stream of another call",
      (call) => call.raw({ type: "stream", serial: 99 }, bytes(1)),
      broken(/serial 99/u),
    ],
    [
      "sends a hole of nothing",
      (call) => call.raw({ type: "stream-hole", status: "continue" }, hole(0n)),
      broken(/hole of 0/u),
    ],
    [
      "sends a hole backwards",
      (call) => call.raw({ type: "stream-hole", status: "continue" }, hole(-5n)),
      broken(/hole of -5/u),
    ],
    ["sends half a hole", (call) => call.raw({ type: "stream-hole", status: "continue" }, bytes(3)), broken(/length/u)],
    ["ends it by itself", (call) => call.stream("ok"), broken(/before it was asked for/u)],
    [
      "goes on after its end",
      (call) => {
        call.stream("continue");
        call.stream("continue", bytes(1));
      },
      broken(/not asked for/u),
    ],
    [
      "sends more than it was asked for",
      (call) => call.stream("continue", bytes(9)),
      { kind: "protocol", message: expect.stringMatching(/goes on after the 8 bytes/u) },
    ],
  ] satisfies readonly (readonly [string, (call: ArrivedCall) => void, object])[])(
    "fails when the daemon %s",
    async (_, act, error) => {
      const { daemon, libvirt } = await start(act);
      daemon.onStreamed = () => daemon.first(download).stream("ok");
      await expect(all(libvirt.volumes.download(volume, { stallMs: 100, length: 8 }))).rejects.toMatchObject(error);
    },
  );

  test("that is refused gives the daemon's error", async () => {
    const daemon = await startDaemon((call) => {
      if (!openSession(call)) call.error(50, "no such volume");
    });
    const libvirt = await connected(daemon.uri);
    await expect(libvirt.volumes.download(volume).next()).rejects.toMatchObject({ codeName: "no-storage-volume" });
    await expect(libvirt.volumes.upload(volume, data(1))).rejects.toMatchObject({ codeName: "no-storage-volume" });
  });

  test("that ends too soon fails, if it was to have a length", async () => {
    const { daemon, libvirt } = await start((call) => {
      call.stream("continue", bytes(3));
      call.stream("continue");
    });
    daemon.onStreamed = () => daemon.of(download).at(-1)?.stream("ok");
    await expect(all(libvirt.volumes.download(volume, { length: 8 }))).rejects.toThrow(/ended after 3 of 8 bytes/u);
    expect(await all(libvirt.volumes.download(volume))).toHaveLength(1);
  });

  test("ends its connection when it is left, aborted or closed with the client", async () => {
    const { daemon, libvirt } = await start((call) => call.stream("continue", bytes(3)));
    const left = libvirt.volumes.download(volume);
    await left.next();
    await left.return();
    const abort = new AbortController();
    const aborted = libvirt.volumes.download(volume, { signal: abort.signal });
    await aborted.next();
    abort.abort();
    // Without anybody asking for more.
    await vi.waitFor(() => expect(daemon.of(download)[1]?.client.destroyed).toBe(true));
    await expect(aborted.next()).rejects.toMatchObject({ kind: "aborted" });
    const closed = libvirt.volumes.download(volume);
    await closed.next();
    await libvirt.close();
    await expect(closed.next()).rejects.toMatchObject({ kind: "connection-lost" });
    await vi.waitFor(() =>
      expect(daemon.of(download).map(({ client }) => client.destroyed)).toEqual([true, true, true]),
    );
    await expect(libvirt.volumes.download(volume).next()).rejects.toMatchObject({ kind: "connect", failure: "closed" });
  });
});

function broken(reason: RegExp) {
  return { kind: "connection-lost", reason: expect.stringMatching(reason) };
}

describe("an upload", () => {
  test("sends what the source gives in messages that every daemon takes, and waits for consent", async () => {
    const { daemon, libvirt } = await confirming();
    const parts = source(
      { kind: "data", bytes: bytes(maxStreamBytes + 1) },
      { kind: "data", bytes: bytes(0) },
      { kind: "hole", length: 10 },
    );
    expect(await libvirt.volumes.upload(volume, parts, { sparse: true })).toBe(maxStreamBytes + 11);
    expect(daemon.first(upload).args).toEqual({ volume, offset: 0n, length: 0n, flags: 1 });
    expect(daemon.streamed.map(({ header, body }) => [header.type, header.status, body.length])).toEqual([
      ["stream", "continue", maxStreamBytes],
      ["stream", "continue", 1],
      ["stream-hole", "continue", 12],
      ["stream", "ok", 0],
    ]);
  });

  test("writes zeroes for holes when the stream is not sparse", async () => {
    const { daemon, libvirt } = await confirming();
    const length = maxStreamBytes + 10;
    expect(await libvirt.volumes.upload(volume, source({ kind: "hole", length }), { length })).toBe(length);
    const sent = daemon.streamed.filter(({ header }) => header.status === "continue");
    expect(Buffer.concat(sent.map(({ body }) => body)).equals(Buffer.alloc(length))).toBe(true);
  });

  test("asks for no more than the daemon takes", async () => {
    const { daemon, libvirt } = await start((call) => {
      if (call.procedure === upload) call.client.pause();
    });
    let given = 0;
    async function* endless(): AsyncGenerator<StreamPart> {
      for (;;) {
        given++;
        yield { kind: "data", bytes: bytes(maxStreamBytes) };
      }
    }
    const abort = new AbortController();
    const result = libvirt.volumes.upload(volume, endless(), { signal: abort.signal });
    await vi.waitFor(() => expect(daemon.of(upload)).toHaveLength(1));
    await sleep(100);
    const before = given;
    await sleep(100);
    expect(given).toBe(before);
    expect(given).toBeLessThan(20);
    abort.abort();
    daemon.first(upload).client.destroy();
    await expect(result).rejects.toMatchObject({ kind: "aborted", outcome: "unknown" });
  });

  test.each([
    ["more", data(5, 6), /gives more than the 10 bytes/u],
    ["less", data(5), /ended after 5 of 10 bytes/u],
    ["half a hole", source({ kind: "hole", length: 0.5 }), /hole of 0.5 bytes/u],
  ])("of %s than was announced is broken off at the daemon", async (_, parts, message) => {
    const { daemon, libvirt } = await confirming();
    await expect(libvirt.volumes.upload(volume, parts, { length: 10 })).rejects.toThrow(message);
    expect(daemon.streamed.at(-1)?.header).toMatchObject({ type: "stream", status: "error" });
  });

  test("whose source fails is broken off with the source's error", async () => {
    const { daemon, libvirt } = await confirming();
    async function* failing(): AsyncGenerator<StreamPart> {
      yield { kind: "data", bytes: bytes(3) };
      throw new Error("disk gone");
    }
    await expect(libvirt.volumes.upload(volume, failing())).rejects.toThrow("disk gone");
    expect(daemon.streamed.at(-1)?.header).toMatchObject({ status: "error" });
  });

  test("that the daemon confirms before its end fails", async () => {
    const { libvirt } = await start((call) => {
      if (call.procedure === upload) call.stream("ok");
    });
    async function* slow(): AsyncGenerator<StreamPart> {
      await sleep(50);
      yield { kind: "data", bytes: bytes(3) };
    }
    await expect(libvirt.volumes.upload(volume, slow())).rejects.toMatchObject(broken(/before it was asked for/u));
  });

  test("hears the daemon's error while its source hangs, and lets the source go", async () => {
    const { libvirt } = await start((call) => {
      if (call.procedure === upload) call.raw({ type: "stream", status: "error" }, spaceError);
    });
    let returned = false;
    const hanging: AsyncIterable<StreamPart> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          returned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const result = libvirt.volumes.upload(volume, hanging);
    await expect(result).rejects.toMatchObject({ kind: "libvirt", daemonMessage: "no space" });
    expect(returned).toBe(true);
  });

  test("that is given up while its source hangs waits until the daemon has stopped", async () => {
    const { daemon, libvirt } = await start();
    const abort = new AbortController();
    let stopped = false;
    daemon.onStreamed = ({ header }) => {
      if (header.status !== "error") return;
      setTimeout(() => {
        stopped = true;
        daemon.first(upload).stream("ok");
      }, 100);
    };
    const hanging = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const result = libvirt.volumes.upload(volume, hanging, { signal: abort.signal });
    await vi.waitFor(() => expect(daemon.of(upload)).toHaveLength(1));
    await sleep(20);
    abort.abort();
    await expect(result).rejects.toMatchObject({ kind: "aborted" });
    expect(stopped).toBe(true);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses the offset %s before anything is sent", async (offset) => {
    const { daemon, libvirt } = await confirming();
    await expect(libvirt.volumes.upload(volume, data(1), { offset })).rejects.toMatchObject({
      kind: "invalid-argument",
      outcome: "not-sent",
    });
    await expect(libvirt.volumes.download(volume, { length: offset }).next()).rejects.toMatchObject({
      kind: "invalid-argument",
    });
    expect(daemon.of(upload)).toEqual([]);
  });
});
