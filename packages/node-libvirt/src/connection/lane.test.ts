import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { connected } from "../../test/connected.ts";
import { openSession, startDaemon, type ArrivedCall } from "../../test/scripted-daemon.ts";
import { connect } from "../connect.ts";
import { procedures } from "../protocol/procedures.ts";

const { connectGetHostname: hostname, domainFsFreeze, domainFsThaw, domainGetState } = procedures;

const domain = { name: "db", uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f", id: 3 };

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error,
  );

/** The agent is hung: freeze never returns. All else is answered. */
const hungAgent = (call: ArrivedCall) => {
  if (openSession(call)) return;
  if (call.procedure === domainFsThaw) call.reply(domainFsThaw, { filesystems: 2 });
  if (call.procedure === domainGetState) call.reply(domainGetState, { state: 1, reason: 1 });
  if (call.procedure === hostname) call.reply(hostname, { hostname: "h" });
};

const freezeMany = (libvirt: Awaited<ReturnType<typeof connect>>, count: number): Promise<unknown>[] =>
  Array.from({ length: count }, () => failure(libvirt.agent.freeze(domain)));

describe("connections for work", () => {
  test("open when the others are full, up to the limit, four calls on each", async () => {
    const daemon = await startDaemon(hungAgent);
    const libvirt = await connect(daemon.uri, { maxConnections: 2 });
    expect(daemon.clients).toHaveLength(1); // the rescue connection
    const hung = freezeMany(libvirt, 10);
    await vi.waitFor(() => expect(daemon.of(domainFsFreeze)).toHaveLength(8));
    await sleep(50);
    expect(daemon.clients).toHaveLength(3);
    const perClient = daemon.clients.map(
      (client) => daemon.of(domainFsFreeze).filter((call) => call.client === client).length,
    );
    expect(perClient).toEqual([0, 4, 4]);
    await libvirt.close();
    await Promise.all(hung);
  });

  test("a lost one fails only its own calls and is replaced by the next call", async () => {
    const daemon = await startDaemon(hungAgent);
    const libvirt = await connected(daemon.uri, { maxConnections: 1 });
    await libvirt.host.hostname();
    const hung = freezeMany(libvirt, 4);
    const waiting = libvirt.host.hostname();
    await vi.waitFor(() => expect(daemon.of(domainFsFreeze)).toHaveLength(4));
    daemon.clients[1]?.destroy();
    for (const error of await Promise.all(hung)) expect(error).toMatchObject({ outcome: "unknown" });
    expect(await waiting).toBe("h");
    expect(await libvirt.host.hostname()).toBe("h");
    expect(daemon.clients).toHaveLength(3);
    expect(daemon.of(domainFsFreeze)).toHaveLength(4); // none was sent twice
  });

  test("when none can be opened, the waiting calls say why", async () => {
    const daemon = await startDaemon(hungAgent);
    const libvirt = await connected(daemon.uri);
    await daemon.stop();
    expect(await failure(libvirt.host.hostname())).toMatchObject({ kind: "connect", failure: "no-socket" });
  });

  test("a call that is given up while the connection opens is not sent", async () => {
    let sessions = 0;
    const daemon = await startDaemon((call) => {
      if (call.procedure === procedures.authList && sessions++ > 0) return;
      hungAgent(call);
    });
    const libvirt = await connected(daemon.uri, { connectTimeoutMs: 300 });
    expect(await failure(libvirt.agent.freeze(domain, [], { timeoutMs: 30 }))).toMatchObject({ outcome: "not-sent" });
    expect(daemon.of(domainFsFreeze)).toHaveLength(0);
  });
});

describe("the rescue connection", () => {
  test("is open before it is needed, and no hung call holds it back", async () => {
    const daemon = await startDaemon(hungAgent);
    const libvirt = await connect(daemon.uri, { maxConnections: 1 });
    const hung = freezeMany(libvirt, 6);
    await vi.waitFor(() => expect(daemon.of(domainFsFreeze)).toHaveLength(4));
    const clients = daemon.clients.length;
    expect(await libvirt.rescue.agent.thaw(domain)).toBe(2);
    expect(await libvirt.rescue.domains.state(domain)).toEqual({ state: "running", reason: "booted" });
    expect(daemon.of(domainFsThaw)[0]?.client).toBe(daemon.clients[0]);
    expect(daemon.clients).toHaveLength(clients);
    await libvirt.close();
    await Promise.all(hung);
  });

  test("gets company when its own calls hang, so that one dead guest does not keep the others frozen", async () => {
    let thaws = 0;
    const daemon = await startDaemon((call) => {
      if (call.procedure === domainFsThaw && thaws++ < 4) return;
      hungAgent(call);
    });
    const libvirt = await connect(daemon.uri);
    const hung = Array.from({ length: 4 }, () => failure(libvirt.rescue.agent.thaw(domain)));
    await vi.waitFor(() => expect(daemon.of(domainFsThaw)).toHaveLength(4));
    expect(await libvirt.rescue.agent.thaw(domain)).toBe(2);
    await libvirt.close();
    await Promise.all(hung);
  });
});

describe("close", () => {
  test("ends every connection and every call, sent or not", async () => {
    const daemon = await startDaemon(hungAgent);
    const libvirt = await connect(daemon.uri, { maxConnections: 1 });
    const calls = freezeMany(libvirt, 5);
    await vi.waitFor(() => expect(daemon.of(domainFsFreeze)).toHaveLength(4));
    await libvirt.close();
    const outcomes = (await Promise.all(calls)).map((error) => (error as { outcome: string }).outcome);
    expect(outcomes).toEqual(["unknown", "unknown", "unknown", "unknown", "not-sent"]);
    await vi.waitFor(() => expect(daemon.clients.every((client) => client.destroyed)).toBe(true));
    expect(await failure(libvirt.host.hostname())).toMatchObject({ kind: "connection-lost", outcome: "not-sent" });
    expect(await failure(libvirt.rescue.agent.thaw(domain))).toMatchObject({ outcome: "not-sent" });
    expect(await failure(libvirt.events.lifecycle())).toMatchObject({ kind: "connect", failure: "closed" });
  });

  test("while a connection opens: it is closed too", async () => {
    const daemon = await startDaemon(hungAgent);
    const libvirt = await connect(daemon.uri);
    const call = failure(libvirt.host.hostname());
    await libvirt.close();
    await call;
    await vi.waitFor(() => expect(daemon.clients.every((client) => client.destroyed)).toBe(true));
  });
});
