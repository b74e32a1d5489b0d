import { describe, expect, test, vi } from "vitest";
import { connected } from "../../test/connected.ts";
import { openSession, startDaemon, type ArrivedCall } from "../../test/scripted-daemon.ts";
import { eventMessages } from "../protocol/event-message.ts";
import { procedures } from "../protocol/procedures.ts";
import type { TypedParam } from "../protocol/typed-params.ts";
import { EventStream } from "./event-stream.ts";

const { connectDomainEventCallbackRegisterAny: register, connectDomainEventCallbackDeregisterAny: deregister } =
  procedures;
const { connectNetworkEventRegisterAny, connectNetworkEventDeregisterAny } = procedures;
const { connectStoragePoolEventRegisterAny, connectStoragePoolEventDeregisterAny } = procedures;
const domain = { name: "db", uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f", id: 3 };

const registers = [register, connectNetworkEventRegisterAny, connectStoragePoolEventRegisterAny];
const deregisters = [deregister, connectNetworkEventDeregisterAny, connectStoragePoolEventDeregisterAny];

/** Gives every registration the same callback id, as a daemon may for different kinds of event. */
const answer = (call: ArrivedCall) => {
  if (openSession(call)) return;
  for (const asked of registers) if (call.procedure === asked) call.reply(asked, { callbackId: 7 });
  for (const asked of deregisters) if (call.procedure === asked) call.reply(asked, undefined);
};

const take = async <T>(stream: AsyncIterable<T>, count: number): Promise<T[]> => {
  const taken: T[] = [];
  for await (const event of stream) if (taken.push(event) === count) break;
  return taken;
};

describe("events", () => {
  test("of one domain arrive in order, with words for numbers", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    const stream = await libvirt.events.lifecycle(domain);
    const client = daemon.first(register).client;
    expect(daemon.of(register)[0]?.args).toEqual({ eventId: 0, domain });
    daemon.event(client, eventMessages.lifecycle, { callbackId: 7, domain, event: 3, detail: 2 });
    daemon.event(client, eventMessages.lifecycle, { callbackId: 8, domain, event: 5, detail: 1 }); // not ours
    daemon.event(client, eventMessages.lifecycle, { callbackId: 7, domain, event: 5, detail: 99 });
    daemon.event(client, eventMessages.lifecycle, { callbackId: 7, domain, event: 42, detail: 0 });
    expect(await take(stream, 3)).toEqual([
      { domain, event: "suspended", detail: "io-error" },
      { domain, event: "stopped", detail: "unrecognised" },
      { domain, event: "unrecognised", detail: "unrecognised" },
    ]);
  });

  test("of a disk: it failed, or its job went on", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    const errors = await libvirt.events.ioError(domain);
    const jobs = await libvirt.events.blockJob(domain);
    expect(daemon.of(register).map(({ args }) => args)).toEqual([
      { eventId: 6, domain },
      { eventId: 16, domain },
    ]);
    const client = daemon.first(register).client;
    const failed = { domain, path: "/d", device: "virtio-disk0", reason: "enospc" };
    daemon.event(client, eventMessages.ioError, { callbackId: 7, ...failed, action: 1 });
    daemon.event(client, eventMessages.ioError, { callbackId: 7, ...failed, action: 9 });
    daemon.event(client, eventMessages.blockJob, { callbackId: 7, domain, disk: "vda", type: 4, status: 3 });
    expect(await take(errors, 2)).toEqual([
      { ...failed, action: "pause" },
      { ...failed, action: "unrecognised" },
    ]);
    expect(await take(jobs, 1)).toEqual([{ domain, disk: "vda", type: "active-commit", status: "ready" }]);
  });

  test("of all domains; those of the agent and of jobs", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    const agent = await libvirt.events.agentLifecycle();
    const jobs = await libvirt.events.jobCompleted();
    expect(daemon.of(register).map(({ args }) => args)).toEqual([
      { eventId: 18, domain: undefined },
      { eventId: 21, domain: undefined },
    ]);
    const client = daemon.first(register).client;
    const params: TypedParam[] = [
      { field: "operation", value: { type: "int", value: 9 } },
      { field: "success", value: { type: "boolean", value: true } },
      { field: "disk_total", value: { type: "ullong", value: 5n } },
    ];
    // The same callback id, for another kind of event.
    daemon.event(client, eventMessages.jobCompleted, { callbackId: 7, domain, params });
    daemon.event(client, eventMessages.agentLifecycle, { callbackId: 7, domain, state: 2, reason: 1 });
    expect(await take(agent, 1)).toEqual([{ domain, state: "disconnected", reason: "domain-started" }]);
    expect(await take(jobs, 1)).toEqual([
      { domain, operation: "backup", success: true, params: { operation: 9, success: true, disk_total: 5n } },
    ]);
  });

  test("of one network and one pool, apart from those of domains with the same callback id", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    const network = { name: "lan0", uuid: "6695eb01-f6a4-8304-79aa-97f2502e1931" };
    const pool = { name: "default", uuid: "6695eb01-f6a4-8304-79aa-97f2502e1932" };
    const domains = await libvirt.events.lifecycle();
    const networks = await libvirt.events.networkLifecycle(network);
    const pools = await libvirt.events.poolLifecycle(pool);
    const ask = daemon.first(connectNetworkEventRegisterAny);
    expect(ask.args).toEqual({ eventId: 0, network });
    expect(daemon.first(connectStoragePoolEventRegisterAny).args).toEqual({ eventId: 0, pool });
    for (const event of [3, 4])
      daemon.event(ask.client, eventMessages.networkLifecycle, { callbackId: 7, network, event, detail: 0 });
    for (const event of [5, 6])
      daemon.event(ask.client, eventMessages.poolLifecycle, { callbackId: 7, pool, event, detail: 0 });
    daemon.event(ask.client, eventMessages.lifecycle, { callbackId: 7, domain, event: 2, detail: 0 });
    expect(await take(networks, 2)).toEqual([
      { network, event: "stopped" },
      { network, event: "unrecognised" },
    ]);
    expect(await take(pools, 2)).toEqual([
      { pool, event: "deleted" },
      { pool, event: "unrecognised" },
    ]);
    expect(await take(domains, 1)).toEqual([{ domain, event: "started", detail: "booted" }]);
    await networks.close();
    await pools.close();
    expect(daemon.of(connectNetworkEventDeregisterAny).map(({ args }) => args)).toEqual([{ callbackId: 7 }]);
    expect(daemon.of(connectStoragePoolEventDeregisterAny).map(({ args }) => args)).toEqual([{ callbackId: 7 }]);
    expect(daemon.of(deregister)).toHaveLength(0);
  });

  test("of all networks and all pools", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    await libvirt.events.networkLifecycle();
    await libvirt.events.poolLifecycle();
    expect(daemon.first(connectNetworkEventRegisterAny).args).toEqual({ eventId: 0, network: undefined });
    expect(daemon.first(connectStoragePoolEventRegisterAny).args).toEqual({ eventId: 0, pool: undefined });
  });

  test("that overtake the reply to their registration are not lost", async () => {
    const daemon = await startDaemon((call) => {
      if (call.procedure !== register) return answer(call);
      daemon.event(call.client, eventMessages.lifecycle, { callbackId: 7, domain, event: 2, detail: 0 });
      answer(call);
    });
    const libvirt = await connected(daemon.uri);
    const stream = await libvirt.events.lifecycle();
    expect(await take(stream, 1)).toEqual([{ domain, event: "started", detail: "booted" }]);
  });

  test("fail when the connection is lost, and can be subscribed anew", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    const stream = await libvirt.events.lifecycle();
    daemon.first(register).client.destroy();
    await expect(take(stream, 1)).rejects.toMatchObject({ kind: "events-lost", reason: "closed by the daemon" });
    await stream.close();
    const again = await libvirt.events.lifecycle();
    expect(again).toBeInstanceOf(EventStream);
    expect(daemon.of(register)).toHaveLength(2);
  });

  test("end with close, which tells the daemon once", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    const stream = await libvirt.events.lifecycle();
    const taken = take(stream, 1);
    await stream.close();
    await stream.close();
    expect(await taken).toEqual([]);
    expect(daemon.of(deregister).map(({ args }) => args)).toEqual([{ callbackId: 7 }]);
  });

  test("end when the client is closed", async () => {
    const daemon = await startDaemon(answer);
    const libvirt = await connected(daemon.uri);
    const stream = await libvirt.events.lifecycle();
    const taken = take(stream, 1);
    await libvirt[Symbol.asyncDispose]();
    expect(await taken).toEqual([]);
  });

  test("with a refused registration give the daemon's error", async () => {
    const daemon = await startDaemon((call) => {
      if (call.procedure === register) call.error(3, "this function is not supported");
      else answer(call);
    });
    const libvirt = await connected(daemon.uri);
    await expect(libvirt.events.lifecycle()).rejects.toMatchObject({ codeName: "no-support" });
  });
});

test("a stream that nobody reads fails rather than lose events", async () => {
  const close = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const stream = new EventStream<number>(close);
  for (let event = 0; event <= 10_000; event++) stream.push(event);
  const seen: number[] = [];
  const read = async () => {
    for await (const event of stream) seen.push(event);
  };
  await expect(read()).rejects.toThrow("10000 wait and nobody takes them");
  expect(seen).toHaveLength(10_000);
});
