import { describe, expect, test, vi } from "vitest";
import {
  ack,
  blockSizeInfo,
  contextReply,
  exportInfo,
  greeting,
  optionReply,
  uint16,
  uint32,
} from "../../test/nbd/frames.ts";
import { startNbdServer, type Script } from "../../test/nbd/scripted-nbd-server.ts";
import { connectNbd, listNbdExports, tcpSocket, unixSocket, type ConnectNbdOptions, type NbdSource } from "./index.ts";
import { infos, options, optionErrors, optionReplies } from "./numbers.ts";

const bitmap = "qemu:dirty-bitmap:b0";

const connectTo = async (script: Script, more: Partial<ConnectNbdOptions> = {}): Promise<NbdSource> => {
  const server = await startNbdServer(script);
  return await connectNbd({ socket: unixSocket(server.path), export: "vda", timeoutMs: 10_000, ...more });
};

/** A server that answers one option in its own way. */
const answering = (option: number, ...replies: readonly Buffer[]): Script => ({
  onOption: (asked) => (asked === option ? Buffer.concat(replies) : undefined),
});

const info = (data: Buffer): Buffer => optionReply(options.go, optionReplies.info, data);
const protocol = { kind: "nbd", code: "protocol" };

describe("connecting", () => {
  test("asks for structured replies, contexts and the export, and learns its size", async () => {
    const server = await startNbdServer({ bytes: 5_000_000_000, contexts: { "base:allocation": 7, [bitmap]: 9 } });
    const contexts = ["base:allocation", bitmap];
    await using source = await connectNbd({ socket: unixSocket(server.path), export: "vda", contexts });
    expect(source.bytes).toBe(5_000_000_000);
    expect(server.options).toEqual([options.structuredReply, options.setMetaContext, options.go]);
  });

  test("takes leave with DISC when it closes", async () => {
    const server = await startNbdServer();
    const source = await connectNbd({ socket: unixSocket(server.path), export: "vda" });
    await source.close();
    await source.close();
    expect(server.requests.map(({ type }) => type)).toEqual([2]);
  });

  test("says what to do when there is no socket, and when nobody listens", async () => {
    const absent = connectNbd({ socket: unixSocket("/nowhere/nbd.sock"), export: "vda" });
    await expect(absent).rejects.toMatchObject({
      code: "connect",
      message:
        "Cannot connect to the NBD server at unix socket /nowhere/nbd.sock: there is no such socket. Has the export been started?",
    });
    const refused = connectNbd({ socket: tcpSocket(1), export: "vda" });
    await expect(refused).rejects.toMatchObject({
      code: "connect",
      message: expect.stringMatching(/127\.0\.0\.1 port 1: nobody listens/u),
    });
  });

  test.each([
    ["no NBD greeting", Buffer.alloc(18, 65), protocol],
    [
      "the old style",
      Buffer.concat([greeting().subarray(0, 8), Buffer.from("0000420281861253", "hex"), uint16(0)]),
      { code: "unsupported" },
    ],
    ["not the fixed newstyle", greeting(2), { code: "unsupported" }],
    ["an unknown second half", Buffer.concat([greeting().subarray(0, 8), Buffer.alloc(10)]), protocol],
  ])("a server with %s is refused", async (_, bytes, error) => {
    await expect(connectTo({ greeting: bytes })).rejects.toMatchObject(error);
  });

  test.each([
    [
      "unknown export",
      optionErrors.unknown,
      "unknown-export",
      /refuses the export "vda": the server has no such export \(it says: no vda here\)/u,
    ],
    ["TLS", optionErrors.tlsRequired, "refused", /demands TLS .* This client has no TLS/u],
    ["policy", optionErrors.policy, "refused", /policy forbids it/u],
    ["an unknown error", 0x8000_1234, "refused", /error 0x80001234/u],
    ["no GO", optionErrors.unsupported, "unsupported", /does not know the option GO/u],
  ])("an export is refused: %s", async (_, type, code, message) => {
    const text = Buffer.from("no vda\u001b\u0000 here");
    const refused = connectTo(answering(options.go, optionReply(options.go, type, text)));
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  const exportOk = info(exportInfo(4096));
  test.each([
    ["an answer to another option", [ack(options.list)]],
    ["no magic", [Buffer.alloc(20)]],
    ["an absurd length", [optionReply(options.go, optionReplies.info).subarray(0, 16), uint32(0xffff_ffff)]],
    ["no size", [ack(options.go)]],
    ["a short size", [info(exportInfo(4096).subarray(0, 9)), ack(options.go)]],
    ["a size beyond every disk", [info(exportInfo(0xffff_ffff_ffff_ffffn)), ack(options.go)]],
    ["a reply that is no info", [optionReply(options.go, optionReplies.server, Buffer.alloc(8)), ack(options.go)]],
    ["an info without a type", [info(Buffer.alloc(1)), ack(options.go)]],
    ["block sizes cut off", [exportOk, info(uint16(infos.blockSize)), ack(options.go)]],
    ["a smallest block of 0", [exportOk, info(blockSizeInfo(0, 4096, 4096)), ack(options.go)]],
    ["a smallest block of 3", [exportOk, info(blockSizeInfo(3, 4096, 4096)), ack(options.go)]],
    ["a largest block below the smallest", [exportOk, info(blockSizeInfo(4096, 4096, 512)), ack(options.go)]],
  ])("a broken answer about the export fails: %s", async (_, replies) => {
    await expect(connectTo(answering(options.go, ...replies))).rejects.toMatchObject(protocol);
  });

  const context = (id: number, name: string) => contextReply(options.setMetaContext, id, name);
  const done = ack(options.setMetaContext);
  test.each([
    ["not asked for", [context(1, "base:other"), done]],
    ["told twice", [context(1, bitmap), context(2, bitmap), done]],
    ["with the id of another", [context(1, bitmap), context(1, "base:allocation"), done]],
    ["without an id", [optionReply(options.setMetaContext, optionReplies.metaContext, uint16(1)), done]],
  ])("a context %s fails", async (_, replies) => {
    const broken = connectTo(answering(options.setMetaContext, ...replies), { contexts: ["base:allocation", bitmap] });
    await expect(broken).rejects.toMatchObject(protocol);
  });

  test("endless replies end, and memory with them", async () => {
    const script = answering(options.go, Buffer.alloc(32 * 40_000, info(exportInfo(1))));
    await expect(connectTo(script)).rejects.toMatchObject(protocol);
  });

  test.each([
    ["structured replies", options.structuredReply],
    ["contexts", options.setMetaContext],
  ])("a dirty bitmap that a server without %s cannot have is refused", async (_, option) => {
    const script = answering(option, optionReply(option, optionErrors.unsupported));
    const refused = connectTo(script, { contexts: ["base:allocation", bitmap] });
    await expect(refused).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/no context "qemu:dirty-bitmap:b0"/u),
    });
  });

  test.each([
    [{ export: "a\u0000b" }, /name of the export/u],
    [{ export: "a".repeat(4097) }, /name of the export/u],
    [{ contexts: ["base:allocation", "base:allocation"] }, /twice/u],
    [{ contexts: ["qemu:allocation-depth"] }, /"qemu:allocation-depth" is not one that is known/u],
    [{ contexts: [bitmap, `${bitmap}1`] }, /two dirty bitmaps/u],
    [{ timeoutMs: 0 }, /timeoutMs is 0/u],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, /timeoutMs is Infinity/u],
    [{ connections: 0 }, /connections is 0/u],
  ])("what cannot be asked for is refused before anything is sent: %j", async (wrong, message) => {
    const refused = connectNbd({ socket: () => Promise.reject(new Error("dialled")), export: "vda", ...wrong });
    await expect(refused).rejects.toMatchObject({ code: "invalid-argument", message: expect.stringMatching(message) });
  });
});

describe("giving up", () => {
  test("a silent server is given up at the deadline", async () => {
    await expect(connectTo({ greeting: Buffer.alloc(0) }, { timeoutMs: 80 })).rejects.toMatchObject({
      code: "timed-out",
    });
  });

  test("dialling that never ends is given up at the deadline, and a pipe that comes late is ended", async () => {
    const server = await startNbdServer();
    const late = Promise.withResolvers<Awaited<ReturnType<ReturnType<typeof unixSocket>>>>();
    await expect(connectNbd({ socket: () => late.promise, export: "vda", timeoutMs: 40 })).rejects.toMatchObject({
      code: "timed-out",
    });
    const sink = { space: () => new Uint8Array(9), filled: () => {} };
    const pipe = await unixSocket(server.path)(sink, new AbortController().signal);
    late.resolve(pipe);
    await expect.poll(() => pipe.destroyed).toBe(true);
  });

  test("the signal ends connecting, before and within", async () => {
    const aborted = { code: "aborted", cause: "enough" };
    const dialled = vi.fn<() => Promise<never>>(() => Promise.reject(new Error("dialled")));
    await expect(connectTo({}, { signal: AbortSignal.abort("enough"), socket: dialled })).rejects.toMatchObject(
      aborted,
    );
    expect(dialled).not.toHaveBeenCalled();
    const within = new AbortController();
    const opening = connectTo({ greeting: Buffer.alloc(0) }, { signal: within.signal, timeoutMs: 10_000 });
    setTimeout(() => within.abort("enough"), 30);
    await expect(opening).rejects.toMatchObject(aborted);
  });

  test("a server that leaves within the conversation is told", async () => {
    const leaving = connectTo({ onOption: (_, _data, client) => (client.destroy(), Buffer.alloc(0)) });
    await expect(leaving).rejects.toMatchObject({ code: "closed" });
  });
});

describe("listing", () => {
  const entry = (name: string) =>
    optionReply(
      options.list,
      optionReplies.server,
      Buffer.concat([uint32(Buffer.byteLength(name)), Buffer.from(`${name}text`)]),
    );
  const list = async (...replies: readonly Buffer[]) => {
    const server = await startNbdServer(answering(options.list, ...replies));
    return await listNbdExports({ socket: unixSocket(server.path), timeoutMs: 10_000 });
  };

  test("gives the names, without their descriptions", async () => {
    expect(await list(entry("vda"), entry("vdb"), entry(""), ack(options.list))).toEqual(["vda", "vdb", ""]);
  });

  test("fails where a server forbids it or answers with nonsense", async () => {
    await expect(list(optionReply(options.list, optionErrors.policy))).rejects.toMatchObject({ code: "refused" });
    const longer = optionReply(options.list, optionReplies.server, uint32(5));
    await expect(list(longer, ack(options.list))).rejects.toMatchObject(protocol);
  });
});
