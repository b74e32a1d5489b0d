import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { openSession, startDaemon, type ArrivedCall, type ScriptedDaemon } from "../../test/scripted-daemon.ts";
import { CallAbortedError, CallTimedOutError, ConnectionLostError } from "../errors/call-error.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { LibvirtError } from "../errors/libvirt-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { procedures } from "../protocol/procedures.ts";
import { resolveUri } from "../transport/resolve-uri.ts";
import type { CallReport } from "./caller.ts";
import { openConnection, type OpenOptions } from "./open-connection.ts";

const { connectGetHostname: hostname, nodeGetFreeMemory: memory, domainLookupByName: lookup } = procedures;

const open = (daemon: ScriptedDaemon, options: Partial<OpenOptions> = {}) =>
  openConnection(resolveUri(daemon.uri, { uid: 0, env: {}, readOnly: false }), {
    connectTimeoutMs: 5000,
    callTimeoutMs: 5000,
    maxUnfinished: 4,
    keepalive: { intervalMs: 1000, count: 5 },
    readOnly: false,
    ...options,
  });

/** Answers sessions itself; hostname calls get their own serial back; the rest is for the test. */
const echo = (call: ArrivedCall) => {
  if (openSession(call)) return;
  if (call.procedure === hostname) call.reply(hostname, { hostname: String(call.header.serial) });
};

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error,
  );

describe("calls", () => {
  test("get the reply with their serial, in whatever order replies come", async () => {
    const daemon = await startDaemon();
    const connection = await open(daemon);
    const results = Promise.all([1, 2, 3].map(() => connection.call(hostname, undefined)));
    await vi.waitFor(() => expect(daemon.of(hostname)).toHaveLength(3));
    for (const [index, call] of [...daemon.of(hostname).entries()].toReversed()) {
      call.reply(hostname, { hostname: `host${index}` });
    }
    expect((await results).map((result) => result.hostname)).toEqual(["host0", "host1", "host2"]);
    await connection.close();
  });

  test("at most four are unfinished; the rest follow in order as replies come", async () => {
    const daemon = await startDaemon();
    const connection = await open(daemon);
    const names = ["a", "b", "c", "d", "e", "f"];
    const results = Promise.all(names.map((name) => connection.call(lookup, { name })));
    await vi.waitFor(() => expect(daemon.of(lookup)).toHaveLength(4));
    await sleep(50);
    expect(daemon.of(lookup)).toHaveLength(4);
    const domain = { name: "x", uuid: "00000000-0000-0000-0000-000000000001", id: 1 };
    daemon.of(lookup)[2]?.reply(lookup, { domain });
    await vi.waitFor(() => expect(daemon.of(lookup)).toHaveLength(5));
    for (const index of [0, 1, 3, 4]) daemon.of(lookup)[index]?.reply(lookup, { domain });
    await vi.waitFor(() => expect(daemon.of(lookup)).toHaveLength(6));
    daemon.of(lookup)[5]?.reply(lookup, { domain });
    await results;
    expect(daemon.of(lookup).map(({ args }) => args)).toEqual(names.map((name) => ({ name })));
    await connection.close();
  });

  test("an error of the daemon has its code, name and procedure", async () => {
    const daemon = await startDaemon((call) => {
      if (!openSession(call)) call.error(42, "Domain not found");
    });
    const connection = await open(daemon);
    const error = await failure(connection.call(lookup, { name: "db" }));
    expect(error).toBeInstanceOf(LibvirtError);
    expect(error).toMatchObject({
      code: 42,
      codeName: "no-domain",
      level: "error",
      procedure: "DOMAIN_LOOKUP_BY_NAME",
    });
    await connection.close();
  });

  test("a value that cannot be sent is refused before anything is sent", async () => {
    const daemon = await startDaemon(echo);
    const connection = await open(daemon);
    const error = await failure(connection.call(lookup, { name: "a\0b" }));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toContain("DOMAIN_LOOKUP_BY_NAME cannot be called: name: ");
    expect(await failure(connection.call(hostname, undefined, { timeoutMs: 0 }))).toBeInstanceOf(InvalidArgumentError);
    expect(await failure(connection.call(hostname, undefined, { timeoutMs: Number.NaN }))).toBeInstanceOf(
      InvalidArgumentError,
    );
    expect(daemon.of(lookup)).toHaveLength(0);
    await connection.close();
  });

  test("each is reported once, without its arguments", async () => {
    const reports: CallReport[] = [];
    const daemon = await startDaemon(echo);
    const connection = await open(daemon, { onCall: (report) => reports.push(report) });
    reports.length = 0;
    await connection.call(hostname, undefined);
    await failure(connection.call(lookup, { name: "x" }, { timeoutMs: 20 }));
    expect(reports.map(({ procedure, outcome }) => [procedure, outcome])).toEqual([
      ["CONNECT_GET_HOSTNAME", "ok"],
      ["DOMAIN_LOOKUP_BY_NAME", "error"],
    ]);
    expect(reports[1]?.elapsedMs).toBeGreaterThanOrEqual(19);
    const domain = { name: "x", uuid: "00000000-0000-0000-0000-000000000001", id: 1 };
    daemon.first(lookup).reply(lookup, { domain });
    await connection.call(hostname, undefined);
    expect(reports).toHaveLength(3); // the late reply is not reported again
    await connection.close();
  });
});

describe("a call that is given up", () => {
  test("at its deadline: unknown when it was sent, and its place stays taken until the late reply, which is dropped", async () => {
    const daemon = await startDaemon();
    const connection = await open(daemon, { maxUnfinished: 1 });
    const error = await failure(connection.call(hostname, undefined, { timeoutMs: 30 }));
    expect(error).toBeInstanceOf(CallTimedOutError);
    expect(error).toMatchObject({ outcome: "unknown", procedure: "CONNECT_GET_HOSTNAME", timeoutMs: 30 });
    expect(connection.unfinished).toBe(1);

    const next = connection.call(memory, undefined);
    await sleep(30);
    expect(daemon.of(memory)).toHaveLength(0);
    daemon.first(hostname).reply(hostname, { hostname: "late" });
    await vi.waitFor(() => expect(daemon.of(memory)).toHaveLength(1));
    daemon.first(memory).reply(memory, { bytes: 5n });
    expect(await next).toEqual({ bytes: 5n });
    await connection.close();
  });

  test("while it waits in line: it was not sent, and never is", async () => {
    const daemon = await startDaemon();
    const connection = await open(daemon, { maxUnfinished: 1 });
    const first = connection.call(hostname, undefined);
    expect(await failure(connection.call(memory, undefined, { timeoutMs: 20 }))).toMatchObject({ outcome: "not-sent" });
    await vi.waitFor(() => expect(daemon.of(hostname)).toHaveLength(1));
    daemon.first(hostname).reply(hostname, { hostname: "h" });
    await first;
    await sleep(20);
    expect(daemon.of(memory)).toHaveLength(0);
    await connection.close();
  });

  test("by its signal, before and after it was sent", async () => {
    const daemon = await startDaemon();
    const connection = await open(daemon);
    const early = await failure(connection.call(hostname, undefined, { signal: AbortSignal.abort("why") }));
    expect(early).toBeInstanceOf(CallAbortedError);
    expect(early).toMatchObject({ outcome: "not-sent", cause: "why" });
    expect(daemon.of(hostname)).toHaveLength(0);

    const abort = new AbortController();
    const late = failure(connection.call(hostname, undefined, { signal: abort.signal }));
    await vi.waitFor(() => expect(daemon.of(hostname)).toHaveLength(1));
    abort.abort();
    expect(await late).toMatchObject({ kind: "aborted", outcome: "unknown" });
    await connection.close();
  });

  test("not at all, with Infinity or more milliseconds than a timer takes", async () => {
    const daemon = await startDaemon(echo);
    const connection = await open(daemon);
    for (const timeoutMs of [Number.POSITIVE_INFINITY, 2 ** 40]) {
      expect(await connection.call(hostname, undefined, { timeoutMs })).toHaveProperty("hostname");
    }
    await connection.close();
  });
});

describe("a lost connection", () => {
  test("ends every call and says which were sent", async () => {
    const daemon = await startDaemon();
    const connection = await open(daemon, { maxUnfinished: 1 });
    const sent = failure(connection.call(hostname, undefined));
    const waiting = failure(connection.call(memory, undefined));
    await vi.waitFor(() => expect(daemon.of(hostname)).toHaveLength(1));
    daemon.clients[0]?.end();
    expect(await sent).toBeInstanceOf(ConnectionLostError);
    expect(await sent).toMatchObject({ outcome: "unknown", reason: "closed by the daemon" });
    expect(await waiting).toMatchObject({ kind: "connection-lost", outcome: "not-sent" });
    expect(await failure(connection.call(memory, undefined))).toMatchObject({ outcome: "not-sent" });
  });

  test("is noticed when the daemon is killed in the middle of a message", async () => {
    const daemon = await startDaemon((call) => {
      if (openSession(call)) return;
      call.client.write(Buffer.from("000000ff2000", "hex"), () => call.client.destroy());
    });
    const connection = await open(daemon);
    expect(await failure(connection.call(hostname, undefined))).toMatchObject({ outcome: "unknown" });
  });

  test("is what close() leaves", async () => {
    const daemon = await startDaemon();
    const connection = await open(daemon);
    const sent = failure(connection.call(hostname, undefined));
    await connection.close();
    expect(await sent).toMatchObject({ reason: "closed by this client", outcome: "unknown" });
    await vi.waitFor(() => expect(daemon.clients[0]?.destroyed).toBe(true));
    await connection.close();
  });
});

describe("a daemon that breaks the protocol", () => {
  const noise = (bytes: string) => (call: ArrivedCall) => call.client.write(Buffer.from(bytes, "hex"));
  test.each<[string, (call: ArrivedCall) => void, RegExp]>([
    ["a length below the header", noise("00000004"), /announces 4 bytes/u],
    ["a length over the limit", noise("7fffffff"), /announces 2147483647 bytes/u],
    ["no protocol at all", noise(Buffer.from("HTTP/1.1 400 Bad Request\r\n").toString("hex")), /announces/u],
    ["another serial", (call) => call.raw({ serial: 4711 }, Buffer.alloc(0)), /serial 4711, which no unfinished call/u],
    ["another procedure", (call) => call.raw({ proc: 1 }, Buffer.alloc(0)), /is from procedure 1/u],
    ["another program", (call) => call.raw({ program: 7 }, Buffer.alloc(0)), /of program 7/u],
    ["another version", (call) => call.raw({ version: 2 }, Buffer.alloc(0)), /protocol version 2/u],
    ["an unknown type", (call) => call.raw({ type: "call" }, Buffer.alloc(0)), /type "call" was not asked for/u],
    ["a stream", (call) => call.raw({ type: "stream" }, Buffer.alloc(0)), /type "stream" was not asked for/u],
    ["the status of a stream", (call) => call.raw({ status: "continue" }, Buffer.alloc(0)), /status of a stream/u],
    ["an unknown event", (call) => call.raw({ type: "event", proc: 9999 }, Buffer.alloc(8)), /unknown number 9999/u],
    [
      "an unknown keepalive message",
      (call) => call.raw({ program: 0x6b65_6570, proc: 3 }, Buffer.alloc(0)),
      /number 3/u,
    ],
  ])("by %s loses the connection", async (_name, answer, message) => {
    const daemon = await startDaemon((call) => {
      if (!openSession(call)) answer(call);
    });
    const connection = await open(daemon);
    const error = await failure(connection.call(hostname, undefined));
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(String(error)).toMatch(message);
    expect(error).toMatchObject({ outcome: "unknown" });
    expect(connection.lost).toBe(true);
  });

  test("in the body of one reply: that call fails, the others go on", async () => {
    const daemon = await startDaemon((call) => {
      if (openSession(call)) return;
      if (call.procedure === hostname) call.raw({}, Buffer.from("ffffffff", "hex"));
      else call.reply(memory, { bytes: 1n });
    });
    const connection = await open(daemon);
    const error = await failure(connection.call(hostname, undefined));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(String(error)).toMatch(/CONNECT_GET_HOSTNAME: the reply cannot be read: hostname: a field of 4294967295/u);
    expect(await connection.call(memory, undefined)).toEqual({ bytes: 1n });
    await connection.close();
  });

  test("in the body of an error", async () => {
    const daemon = await startDaemon((call) => {
      if (!openSession(call)) call.raw({ status: "error" }, Buffer.alloc(4));
    });
    const connection = await open(daemon);
    expect(await failure(connection.call(hostname, undefined))).toBeInstanceOf(ProtocolError);
    await connection.close();
  });
});

describe("keepalive", () => {
  test("a PING of the daemon gets a PONG", async () => {
    const daemon = await startDaemon(echo);
    const connection = await open(daemon);
    daemon.ping(daemon.first(procedures.connectOpen).client);
    await vi.waitFor(() => expect(daemon.keepalives).toEqual([2]));
    await connection.close();
  });

  test("a silent daemon is declared dead after the last unanswered PING", async () => {
    const daemon = await startDaemon((call) => void openSession(call, { keepalive: true }));
    const connection = await open(daemon, { keepalive: { intervalMs: 20, count: 3 } });
    const error = await failure(connection.call(hostname, undefined));
    expect(error).toMatchObject({ reason: "no answer to 3 keepalive messages", outcome: "unknown" });
    expect(daemon.keepalives).toEqual([1, 1, 1]);
    expect(connection.lost).toBe(true);
  });

  test("a slow call does not count as silence while PONGs come", async () => {
    const daemon = await startDaemon((call) => void openSession(call, { keepalive: true }));
    daemon.answersPings = true;
    const connection = await open(daemon, { keepalive: { intervalMs: 30, count: 4 } });
    const result = connection.call(hostname, undefined);
    // Many more than the connection would have outlived without an answer.
    await vi.waitFor(() => expect(daemon.keepalives.length).toBeGreaterThan(8), { timeout: 10_000 });
    daemon.first(hostname).reply(hostname, { hostname: "slow" });
    expect(await result).toEqual({ hostname: "slow" });
    await connection.close();
  });

  test("is not used with a daemon that does not know it", async () => {
    const daemon = await startDaemon(echo);
    const connection = await open(daemon, { keepalive: { intervalMs: 10, count: 1 } });
    await sleep(80);
    expect(daemon.keepalives).toEqual([]);
    expect(await connection.call(hostname, undefined)).toBeDefined();
    await connection.close();
  });
});
