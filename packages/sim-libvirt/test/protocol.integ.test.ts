import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import {
  decodeXdr,
  encodeFrame,
  encodeXdr,
  FrameSplitter,
  keepaliveProcs,
  procedures,
  programs,
  remoteError,
  type Frame,
  type Procedure,
} from "@quiesce/node-libvirt/protocol";
import { expect, onTestFinished, test, vi } from "vitest";
import { simulatedHost } from "./simulated-host.ts";

/** A client that may send anything. */
class RawClient {
  readonly socket: Socket;
  readonly frames: Frame[] = [];
  #serial = 0;

  constructor(path: string) {
    this.socket = createConnection(path);
    const splitter = new FrameSplitter();
    this.socket.on("data", (chunk) => this.frames.push(...splitter.push(chunk)));
    this.socket.on("error", () => {});
    onTestFinished(() => void this.socket.destroy());
  }

  send(proc: number, body: Uint8Array = Buffer.alloc(0), program: number = programs.remote, version = 1): number {
    const serial = ++this.#serial;
    this.socket.write(encodeFrame({ program, version, proc, type: "call", serial, status: "ok" }, body));
    return serial;
  }

  call(procedure: Procedure, args: unknown): number {
    return this.send(procedure.proc, encodeXdr(procedure.args, args), procedure.program);
  }

  reply(serial: number): Promise<Frame> {
    return vi.waitFor(() => {
      const frame = this.frames.find(({ header }) => header.type === "reply" && header.serial === serial);
      if (frame === undefined) throw new Error(`no reply to ${serial}`);
      return frame;
    });
  }

  async error(serial: number): Promise<string> {
    const { header, body } = await this.reply(serial);
    if (header.status !== "error") return header.status;
    const { code, domain, message } = decodeXdr(remoteError, body);
    return `${code} of ${domain}: ${message}`;
  }

  async open(flags = 0): Promise<void> {
    const { header } = await this.reply(this.call(procedures.connectOpen, { name: "qemu:///system", flags }));
    if (header.status !== "ok") throw new Error("the daemon did not open");
  }
}

const rawClient = async () => {
  const host = await simulatedHost();
  return { ...host, raw: new RawClient(host.listener.socketPath) };
};

test("what cannot be read is answered as the daemon does", async () => {
  const { raw } = await rawClient();
  const list = encodeXdr(procedures.connectListAllDomains.args, { needResults: 1, flags: 0 });
  expect(await raw.error(raw.send(273, list))).toBe("1 of 7: internal error: hypervisor connection not open");
  expect(await raw.error(raw.send(14))).toBe("39 of 7: Unable to decode message payload");
  expect(await raw.error(raw.send(99_999))).toBe("39 of 7: unknown procedure: 99999");
  expect(await raw.error(raw.send(1, undefined, 4660))).toBe("39 of 7: Cannot find program 4660 version 1");
  expect(await raw.error(raw.send(66, undefined, programs.remote, 7))).toBe(
    `39 of 7: Cannot find program ${programs.remote} version 7`,
  );
  await raw.open();
  expect(await raw.error(raw.call(procedures.connectOpen, { name: "qemu:///system", flags: 0 }))).toBe(
    "1 of 7: internal error: connection already open",
  );
  expect(await raw.error(raw.send(273, list))).toBe("1 of 7: internal error: hypervisor connection not open");
});

test("bytes that are no message end the connection, and nothing else", async () => {
  const { raw, hypervisor, connect } = await rawClient();
  const header = Buffer.alloc(28);
  header.writeUInt32BE(0xffff_ffff, 0);
  raw.socket.write(header);
  await once(raw.socket, "close");
  const libvirt = await connect();
  expect(await libvirt.domains.byName("db01")).toMatchObject({ uuid: hypervisor.truth.domain("db01").uuid });
});

test("a fifth unfinished call stops the daemon from reading, even a PING", async () => {
  const { raw, hypervisor } = await rawClient();
  await raw.open();
  hypervisor.faults.add({ on: { procedure: "connectGetHostname", times: 5 }, do: { kind: "delay", ms: 300 } });
  const ping = () =>
    raw.socket.write(
      encodeFrame(
        { program: programs.keepalive, version: 1, proc: keepaliveProcs.ping, type: "event", serial: 0, status: "ok" },
        Buffer.alloc(0),
      ),
    );
  const pongs = () => raw.frames.filter(({ header }) => header.program === programs.keepalive).length;
  for (let call = 0; call < 4; call++) raw.call(procedures.connectGetHostname, undefined);
  ping();
  await vi.waitFor(() => expect(pongs()).toBe(1), { timeout: 200 });
  raw.call(procedures.connectGetHostname, undefined);
  const sixth = raw.call(procedures.connectGetUri, undefined);
  ping();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pongs()).toBe(1);
  expect(raw.frames.some(({ header }) => header.serial === sixth)).toBe(false);
  await raw.reply(sixth);
  await vi.waitFor(() => expect(pongs()).toBe(2));
});

test("polkit is asked for before all else, and may refuse", async () => {
  const { raw, hypervisor, connect } = await rawClient();
  hypervisor.configure({ authentication: "polkit" });
  expect(await raw.error(raw.call(procedures.connectOpen, { name: "qemu:///system", flags: 0 }))).toBe(
    "39 of 7: authentication required",
  );
  const libvirt = await connect();
  expect(await libvirt.host.hostname()).toBe("hv1");
  hypervisor.configure({ authentication: "polkit-denied" });
  await expect(connect()).rejects.toMatchObject({ kind: "connect", failure: "authentication" });
});

test("events come for the domain that was asked for, until they are no longer asked for", async () => {
  const { raw, hypervisor } = await rawClient();
  await hypervisor.addDomain({ name: "web" });
  await raw.open();
  const [db01, web] = ["db01", "web"].map((name) => ({ name, uuid: hypervisor.truth.domain(name).uuid, id: 1 }));
  const registration = raw.call(procedures.connectDomainEventCallbackRegisterAny, { eventId: 0, domain: db01 });
  const { body } = await raw.reply(registration);
  const { callbackId } = decodeXdr(procedures.connectDomainEventCallbackRegisterAny.ret, body);
  await raw.reply(raw.call(procedures.domainSuspend, { domain: web }));
  await raw.reply(raw.call(procedures.domainSuspend, { domain: db01 }));
  const events = () => raw.frames.filter(({ header }) => header.type === "event").length;
  expect(events()).toBe(1);
  await raw.reply(raw.call(procedures.connectDomainEventCallbackDeregisterAny, { callbackId }));
  await raw.reply(raw.call(procedures.domainResume, { domain: db01 }));
  expect(events()).toBe(1);
  expect(await raw.error(raw.call(procedures.connectDomainEventCallbackDeregisterAny, { callbackId }))).toBe(
    `1 of 7: internal error: domain event callback ${callbackId} not registered`,
  );
});

test("events of networks and pools have registrations of their own", async () => {
  const { raw } = await rawClient();
  await raw.open();
  const network = raw.call(procedures.connectNetworkEventRegisterAny, { eventId: 0, network: undefined });
  const { callbackId } = decodeXdr(procedures.connectNetworkEventRegisterAny.ret, (await raw.reply(network)).body);
  expect(await raw.error(raw.call(procedures.connectStoragePoolEventDeregisterAny, { callbackId }))).toBe(
    `1 of 7: internal error: storage pool event callback ${callbackId} not registered`,
  );
  expect(await raw.error(raw.call(procedures.connectNetworkEventDeregisterAny, { callbackId }))).toBe("ok");
  expect(await raw.error(raw.call(procedures.connectNetworkEventDeregisterAny, { callbackId }))).toBe(
    `1 of 7: internal error: network event callback ${callbackId} not registered`,
  );
  // A number of a domain event.
  expect(
    await raw.error(raw.call(procedures.connectNetworkEventRegisterAny, { eventId: 21, network: undefined })),
  ).toBe("1 of 7: internal error: unsupported network event ID 21");
  expect(
    await raw.error(raw.call(procedures.connectStoragePoolEventRegisterAny, { eventId: 21, pool: undefined })),
  ).toBe("1 of 7: internal error: unsupported storage pool event ID 21");
});

test("a reader may not change anything, nor see secrets", async () => {
  const { raw, hypervisor } = await rawClient();
  await raw.open(1);
  const domain = { name: "db01", uuid: hypervisor.truth.domain("db01").uuid, id: 1 };
  expect(await raw.error(raw.call(procedures.domainSuspend, { domain }))).toBe(
    "29 of 20: operation forbidden: read only access prevents virDomainSuspend",
  );
  expect(await raw.error(raw.call(procedures.domainGetXmlDesc, { domain, flags: 1 }))).toBe(
    "29 of 20: operation forbidden: virDomainGetXMLDesc with secure flag",
  );
  expect((await raw.reply(raw.call(procedures.domainGetXmlDesc, { domain, flags: 0 }))).header.status).toBe("ok");
});
