import { expect, test } from "vitest";
import { connected } from "../../test/connected.ts";
import { openSession, startDaemon } from "../../test/scripted-daemon.ts";
import { procedures } from "../protocol/procedures.ts";
import type { TypedParam } from "../protocol/typed-params.ts";

const { domainSaveFlags, domainSaveParams } = procedures;
const domain = { name: "db", uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f", id: 3 };

test("a save with parameters sends path and definition among them, one without asks as old daemons know it", async () => {
  const daemon = await startDaemon((call) => {
    if (!openSession(call)) call.reply(call.procedure, undefined);
  });
  const libvirt = await connected(daemon.uri);
  const channels: TypedParam = { field: "parallel.channels", value: { type: "int", value: 4 } };
  await libvirt.saveImages.save(domain, "/m.save", { xml: "<domain/>", params: [channels] }, 4);
  await libvirt.saveImages.save(domain, "/m.save", { params: [] });
  await libvirt.saveImages.save(domain, "/m.save", { xml: "<domain/>" });
  const file = { field: "file", value: { type: "string", value: "/m.save" } };
  const dxml = { field: "dxml", value: { type: "string", value: "<domain/>" } };
  expect(daemon.of(domainSaveParams).map(({ args }) => args)).toEqual([
    { domain, params: [file, dxml, channels], flags: 4 },
    { domain, params: [file], flags: 0 },
  ]);
  expect(daemon.of(domainSaveFlags).map(({ args }) => args)).toEqual([
    { domain, path: "/m.save", xml: "<domain/>", flags: 0 },
  ]);
});
