import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDeployment, type ReadDeployment } from "./index.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-deployment-"));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (text: string, file = "/d/quiesce.yaml"): Promise<ReadDeployment> => {
  const result = await readDeployment({ text, file });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, undefined, 2));
  return result.value;
};

const shop = `
$schema: ./deployment.schema.json
quiesce: 1
name: shop
providers:
  hv1: { plugin: libvirt, uri: "qemu+ssh://qz@hv1/system?keyfile=/etc/qz/id" }
  vc1:
    plugin: vsphere
    site: east
    url: https://vc1/sdk
    username: { env: VC_USER }
    password: { file: vc1.pw }
    ca_file: ca.pem
    backup: { datastore: bk, keys: [{ key_file: ~/k.pem }] }
    limits: { parallel: 4, rate: 300/m }
    timeouts: { freeze: 30s, thaw: 500ms, capture: 1.5h }
  gc1: { plugin: gcp, project: p, zone: z, credentials: { command: [./token, --short] } }
instances:
  db: { provider: hv1, kind: vm, id: db01, quiesce: required, properties: { mode: save } }
  data: { provider: hv1, kind: volume, id: pool1/data.qcow2, attached_to: db }
  web: { provider: hv1, kind: vm, id: web01, depends_on: [db, db], connected_to: webs, skip: [freeze, thaw] }
  pg: { kind: other, contained_in: db }
selectors:
  webs: { provider: vc1, kind: vm, select: { name: "web-*", tag: [backup=daily] }, expect: ">=3", quiesce: try }
`;

test("splits a provider block into core's part, the plugin's config and the tuning", async () => {
  const { deployment, tuning } = await read(shop);
  expect(deployment.id).toBe("shop");
  expect(deployment.providers).toEqual({
    hv1: {
      plugin: "libvirt",
      site: "local",
      config: { uri: "qemu+ssh://qz@hv1/system?keyfile=/etc/qz/id" },
    },
    vc1: {
      plugin: "vsphere",
      site: "east",
      parallel: 4,
      config: {
        url: "https://vc1/sdk",
        username: { env: "VC_USER" },
        password: { file: "/d/vc1.pw" },
        ca_file: "/d/ca.pem",
        backup: { datastore: "bk", keys: [{ key_file: join(homedir(), "k.pem") }] },
      },
    },
    gc1: {
      plugin: "gcp",
      site: "local",
      config: { project: "p", zone: "z", credentials: { command: ["/d/token", "--short"], cwd: "/d" } },
    },
  });
  expect(tuning).toEqual({
    hv1: { timeoutMs: {} },
    vc1: { rate: { calls: 300, perMs: 60_000 }, timeoutMs: { freeze: 30_000, thaw: 500, capture: 5_400_000 } },
    gc1: { timeoutMs: {} },
  });
});

test("makes instances with their relations and what is left out", async () => {
  const { deployment } = await read(shop);
  expect(Object.values(deployment.instances)).toEqual([
    {
      id: "db",
      kind: "vm",
      provider: "hv1",
      providerId: "db01",
      properties: { mode: "save" },
      relations: [],
      skip: [],
      quiesce: "required",
      bound: {},
    },
    {
      id: "data",
      kind: "volume",
      provider: "hv1",
      providerId: "pool1/data.qcow2",
      properties: {},
      relations: [{ type: "attached_to", to: "db" }],
      skip: [],
      bound: {},
    },
    {
      id: "web",
      kind: "vm",
      provider: "hv1",
      providerId: "web01",
      properties: {},
      relations: [
        { type: "depends_on", to: "db" },
        { type: "connected_to", to: "webs" },
      ],
      skip: ["freeze", "thaw"],
      bound: {},
    },
    {
      id: "pg",
      kind: "other",
      properties: {},
      relations: [{ type: "contained_in", to: "db" }],
      skip: [],
      bound: {},
    },
  ]);
});

test("keeps selectors and lists the secrets that will be needed", async () => {
  const { selectors, secrets } = await read(shop);
  expect(selectors).toEqual([
    {
      name: "webs",
      provider: "vc1",
      kind: "vm",
      names: ["web-*"],
      tags: ["backup=daily"],
      expect: { is: ">=", count: 3 },
      gives: { properties: {}, relations: [], skip: [], quiesce: "try" },
      at: { file: "/d/quiesce.yaml", line: 24, column: 3 },
    },
  ]);
  expect(secrets).toEqual([
    { path: "providers.vc1.username", reference: { env: "VC_USER" } },
    { path: "providers.vc1.password", reference: { file: "/d/vc1.pw" } },
    { path: "providers.gc1.credentials", reference: { command: ["/d/token", "--short"], cwd: "/d" } },
  ]);
});

test("reads JSON as well as YAML, from a file", async () => {
  const file = join(folder, "shop.json");
  await writeFile(file, JSON.stringify({ quiesce: 1, name: "j", instances: { a: { kind: "other" } } }, undefined, 2));
  const result = await readDeployment(file);
  expect(result).toMatchObject({ ok: true, value: { deployment: { id: "j", instances: { a: { kind: "other" } } } } });
});

test("resolves anchors and merge keys, and a key of its own wins over a merged one", async () => {
  const { deployment } = await read(`
quiesce: 1
name: a
providers: { hv1: &hv { plugin: libvirt, uri: "qemu:///system" }, hv2: *hv }
instances:
  a: &base { <<: { quiesce: try }, provider: hv1, kind: vm, id: a }
  b: { id: b, <<: *base, provider: hv2 }
  c: { <<: [{ id: c, quiesce: off }, *base] }
`);
  const { providers, instances } = deployment;
  expect(Object.values(providers).map(({ config }) => config["uri"])).toEqual(["qemu:///system", "qemu:///system"]);
  expect(Object.values(instances).map(({ providerId, provider, quiesce }) => [providerId, provider, quiesce])).toEqual([
    ["a", "hv1", "try"],
    ["b", "hv2", "try"],
    ["c", "hv1", "off"],
  ]);
});

test("treats on, off, yes and no as words, as YAML 1.2 says", async () => {
  const { deployment } = await read(`
quiesce: 1
name: no
instances: { on: { kind: other, quiesce: off } }
`);
  expect(deployment.id).toBe("no");
  expect(deployment.instances).toHaveProperty("on.quiesce", "off");
});

test.for<readonly [what: string, content: string | Uint8Array, why: string]>([
  ["is no text", Buffer.from([0x6e, 0xff, 0xfe]), "it is not UTF-8 text"],
  ["is too large", "#".repeat(384 * 1024 + 1), "it is larger than 384 KiB"],
])("says that a file %s", async ([, content, why]) => {
  const file = join(folder, "unreadable.yaml");
  await writeFile(file, content);
  const message = `Cannot read the deployment file ${file}: ${why}`;
  expect(await readDeployment(file)).toMatchObject({ ok: false, problems: [{ code: "config-invalid", message }] });
});

test("refuses a folder and an endless device", async () => {
  expect(await readDeployment(folder)).toMatchObject({ ok: false, problems: [{ code: "config-invalid" }] });
  expect(await readDeployment("/dev/zero")).toMatchObject({ ok: false, problems: [{ code: "config-invalid" }] });
});

test("a missing file is not-found, so that the command line can say so", async () => {
  const file = join(folder, "none.yaml");
  const message = `Cannot read the deployment file ${file}: there is no such file`;
  expect(await readDeployment(file)).toMatchObject({ ok: false, problems: [{ code: "not-found", message }] });
});
