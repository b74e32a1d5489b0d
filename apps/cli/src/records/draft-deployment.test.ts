import { readDeployment, type Discovered } from "@quiesce/deployment";
import { expect, test } from "vitest";
import { draftDeployment } from "./draft-deployment.ts";

const objects: readonly Discovered[] = [
  { kind: "vm", providerId: "uuid-1", name: "db 01" },
  { kind: "vm", providerId: "uuid-2", name: "twin" },
  { kind: "vm", providerId: "uuid-3", name: "twin" },
  { kind: "volume", providerId: "/img/a.qcow2", name: "a.qcow2", attachedTo: "uuid-1" },
  { kind: "network", providerId: "uuid-4", name: "…" },
];

test("a draft is a valid deployment: ids are fit and unique, a name that two have gives way to the id", async () => {
  const text = draftDeployment("found", { name: "hv", plugin: "libvirt", config: { uri: "qemu:///system" } }, objects);
  const read = await readDeployment({ text, file: "/found.yaml" });
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("\n"));
  const { instances, providers } = read.value.deployment;
  expect(providers).toMatchObject({ hv: { plugin: "libvirt", config: { uri: "qemu:///system" } } });
  expect(Object.values(instances).map(({ id, kind, providerId }) => `${kind} ${id} ${providerId}`)).toEqual([
    "vm db-01 db 01",
    "vm twin uuid-2",
    "vm twin-2 uuid-3",
    "volume a.qcow2 a.qcow2",
    "network network …",
  ]);
  expect(Object.values(instances)[3]?.relations).toEqual([{ type: "attached_to", to: "db-01" }]);
});
