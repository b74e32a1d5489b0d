import { systemClock } from "../host/clock.ts";
import { expect, test } from "vitest";
import { createHost } from "../host/create-host.ts";
import { detailOf, objectOf } from "./call-object.ts";
import { isMutating } from "./is-mutating.ts";
import type { ProcedureName } from "@quiesce/node-libvirt/protocol";

const host = createHost({ name: "hv1", dir: "/none", clock: systemClock, seed: 1 });
const db01 = { name: "stale name", uuid: "11111111-1111-4111-8111-111111111111", id: 1 };
host.domains.set(db01.uuid, { name: "db01" } as never);

test.each<[ProcedureName, unknown, string | undefined, string | undefined]>([
  ["domainSuspend", { domain: db01 }, "domain db01", undefined],
  ["domainSuspend", { domain: { ...db01, uuid: "unknown" } }, "domain stale name", undefined],
  ["domainLookupByUuid", { uuid: db01.uuid }, "domain db01", undefined],
  ["domainLookupByName", { name: "web" }, "domain web", undefined],
  ["domainDefineXmlFlags", { xml: "<domain><name>new</name></domain>", flags: 0 }, "domain new", "new"],
  ["domainRevertToSnapshot", { snapshot: { name: "s1", domain: db01 }, flags: 0 }, "domain db01", "s1"],
  ["domainCheckpointDelete", { checkpoint: { name: "c1", domain: db01 }, flags: 0 }, "domain db01", "c1"],
  [
    "domainSnapshotCreateXml",
    { domain: db01, xml: "<domainsnapshot><name>s2</name></domainsnapshot>" },
    "domain db01",
    "s2",
  ],
  ["qemuDomainAgentCommand", { domain: db01, command: '{"execute": "guest-ping"}' }, "domain db01", "guest-ping"],
  ["networkGetXmlDesc", { network: { name: "lan0", uuid: "x" }, flags: 0 }, "network lan0", undefined],
  ["storageVolDelete", { volume: { pool: "p", name: "v", key: "/p/v" }, flags: 0 }, "volume p/v", undefined],
  ["storageVolLookupByPath", { path: "/p/v" }, "volume /p/v", undefined],
  ["storagePoolRefresh", { pool: { name: "p", uuid: "x" }, flags: 0 }, "pool p", undefined],
  ["connectListAllDomains", { needResults: 1, flags: 0 }, undefined, undefined],
  ["connectOpen", { name: "qemu:///system", flags: 0 }, undefined, undefined],
])("%s is about its object", (procedure, args, object, detail) => {
  const found = objectOf(host, procedure, args);
  expect(found === undefined ? undefined : `${found.kind} ${found.name}`).toBe(object);
  expect(detailOf(args)).toBe(detail);
});

test.each<[ProcedureName, string | undefined, boolean]>([
  ["domainSuspend", undefined, true],
  ["domainGetState", undefined, false],
  ["connectOpen", undefined, false],
  ["qemuDomainAgentCommand", "guest-fsfreeze-status", false],
  ["qemuDomainAgentCommand", "guest-get-time", false],
  ["qemuDomainAgentCommand", "guest-fsfreeze-thaw", true],
  ["qemuDomainAgentCommand", undefined, true],
])("%s (%s) may change something: %s", (procedure, detail, mutating) => {
  expect(isMutating(procedure, detail)).toBe(mutating);
});
