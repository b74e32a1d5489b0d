import type { Connection } from "@quiesce/core";
import { expect, test } from "vitest";
import { inFile } from "../../test/problem-lines.ts";
import { readDeployment, resolveSelectors, type Discover, type Discovered } from "../index.ts";

const vm = (name: string, more: Partial<Discovered> = {}): Discovered => ({
  kind: "vm",
  providerId: `id-${name}`,
  name,
  ...more,
});

const hosts = (objects: readonly Discovered[]): Discover =>
  async function* () {
    yield* objects;
  };

const resolve = async (lines: string, discover: Discover) => {
  const read = await readDeployment({ text: inFile(lines), file: "/d/quiesce.yaml" });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return resolveSelectors(read.value, discover);
};

const instancesOf = async (lines: string, objects: readonly Discovered[]) => {
  const resolved = await resolve(lines, hosts(objects));
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return Object.values(resolved.value.instances);
};

const problemsOf = async (lines: string, objects: readonly Discovered[]) => {
  const resolved = await resolve(lines, hosts(objects));
  return resolved.ok ? [] : resolved.problems.map(({ code, message, at }) => [code, at?.line, message]);
};

const webs = (keys: string): string => `selectors: { webs: { provider: hv1, kind: vm, ${keys} } }`;

test("makes an instance of each object that fits, with what the selector gives", async () => {
  const objects = [
    vm("web-2"),
    vm("web-1"),
    vm("db"),
    vm("web-3", { kind: "volume" }),
    vm("web-1"), // Pages of a listing may overlap.
  ];
  const keys = "select: { name: [web-*, api] }, quiesce: try, skip: [suspend], properties: { a: 1 }";
  const gives = { relations: [], skip: ["suspend"], quiesce: "try", properties: { a: 1 }, bound: {} };
  expect(await instancesOf(webs(keys), objects)).toEqual([
    { id: "webs/web-1", kind: "vm", provider: "hv1", providerId: "id-web-1", ...gives },
    { id: "webs/web-2", kind: "vm", provider: "hv1", providerId: "id-web-2", ...gives },
  ]);
});

test("a tag narrows, and all tags must be there", async () => {
  const objects = [vm("a", { tags: ["x", "y"] }), vm("b", { tags: ["x"] }), vm("c", { tags: [] })];
  const found = await instancesOf(webs("select: { tag: [x, y] }"), objects);
  expect(found.map(({ id }) => id)).toEqual(["webs/a"]);
});

test("a relation to a selector becomes one to each that it finds, also from another selector", async () => {
  const lines = `instances: { lb: { provider: hv1, kind: vm, id: lb, depends_on: webs } }
selectors:
  webs: { provider: hv1, kind: vm, select: { name: "web-*" }, depends_on: dbs }
  dbs: { provider: hv1, kind: vm, select: { name: "db-*" } }`;
  const found = await instancesOf(lines, [vm("web-1"), vm("web-2"), vm("db-1"), vm("lb")]);
  expect(found.map(({ id, relations }) => [id, relations.map(({ to }) => to)])).toEqual([
    ["lb", ["webs/web-1", "webs/web-2"]],
    ["webs/web-1", ["dbs/db-1"]],
    ["webs/web-2", ["dbs/db-1"]],
    ["dbs/db-1", []],
  ]);
});

test("an object joins once: as listed by name or id, else under the first selector", async () => {
  const lines = `instances:
  byName: { provider: hv1, kind: vm, id: web-1 }
  byId: { provider: hv1, kind: vm, id: id-web-2 }
selectors:
  first: { provider: hv1, kind: vm, select: { name: "*-3" }, expect: 1 }
  all: { provider: hv1, kind: vm, select: { name: "*" }, expect: 4 }`;
  const found = await instancesOf(lines, [vm("web-1"), vm("web-2"), vm("web-3"), vm("web-4")]);
  expect(found.map(({ id }) => id)).toEqual(["byName", "byId", "first/web-3", "all/web-4"]);
});

test("the same object at two providers is two objects, and each provider is listed once", async () => {
  const lists: string[] = [];
  const discover: Discover = async function* (provider) {
    lists.push(provider);
    yield vm("a");
  };
  const lines = `selectors:
  x: { provider: hv1, kind: vm, select: { name: "*" } }
  y: { provider: hv2, kind: vm, select: { name: "*" } }
  z: { provider: hv1, kind: vm, select: { name: "a" } }`;
  const text = inFile(lines).replace("providers: {", "providers: { hv2: { plugin: libvirt },");
  const read = await readDeployment({ text, file: "x" });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const resolved = await resolveSelectors(read.value, discover);
  expect(resolved.ok && Object.keys(resolved.value.instances)).toEqual(["x/a", "y/a"]);
  expect(lists).toEqual(["hv1", "hv2"]);
});

test("a name with other characters becomes an id that is safe and its own", async () => {
  const names = ["web 1", "web%201", "a/b", "\u001b[2J", "\uD800", "__proto__"];
  const found = await instancesOf(
    webs('select: { name: "*" }'),
    names.map((name, index) => vm(name, { providerId: `${index}` })),
  );
  expect(new Set(found.map(({ id }) => id)).size).toBe(names.length);
  for (const { id } of found) expect(id).toMatch(/^webs\/[\w.!~*'()%-]+$/);
});

test.each([
  [">=3", 2, false],
  [">=3", 3, true],
  ["<=2", 3, false],
  ["<=2", 2, true],
  [">2", 2, false],
  [">2", 3, true],
  ["<2", 2, false],
  ["<2", 1, true],
  ["=2", 3, false],
  ["2", 2, true],
  ["0", 0, true],
])("expect %s with %d found: %s", async (expected, count, holds) => {
  const objects = Array.from({ length: count }, (_, index) => vm(`web-${index}`));
  expect(await problemsOf(webs(`select: { name: "*" }, expect: "${expected}"`), objects)).toHaveLength(holds ? 0 : 1);
});

test("too few, too many and none are told, with the selector's place", async () => {
  const two = [vm("a"), vm("b")];
  expect(await problemsOf(webs('select: { name: "*" }, expect: 3'), two)).toEqual([
    ["not-found", 4, "Selector webs found 2 objects of kind vm at hv1, expected =3"],
  ]);
  expect(await problemsOf(webs('select: { name: "*" }, expect: 1'), two)).toEqual([
    ["ambiguous", 4, "Selector webs found 2 objects of kind vm at hv1, expected =1"],
  ]);
  expect(await problemsOf(webs("select: { name: x }"), two)).toEqual([
    ["empty-selection", 4, "Selector webs found 0 objects of kind vm at hv1, expected >=1"],
  ]);
});

test("two objects of one name are refused, with both ids", async () => {
  const twins = [vm("a", { providerId: "1" }), vm("a", { providerId: "2" })];
  expect(await problemsOf(webs("select: { name: a }"), twins)).toEqual([
    ["ambiguous", 4, 'Selector webs found 2 objects named "a": 1, 2'],
  ]);
});

test("a tag at a provider that tells none is refused instead of finding nothing", async () => {
  expect(await problemsOf(webs("select: { tag: x }"), [vm("a")])).toEqual([
    ["unsupported", 4, "Selector webs asks for a tag, but provider hv1 does not tell tags of kind vm"],
  ]);
});

test("a provider's failure is passed on", async () => {
  const failing: Discover = async function* () {
    yield vm("a");
    throw new Error("connection lost");
  };
  await expect(resolve(webs('select: { name: "*" }'), failing)).rejects.toThrow("connection lost");
});

test("a connection's discovery can be used as it is", () => {
  const use =
    (connection: Pick<Connection, "discover">, signal: AbortSignal): Discover =>
    () =>
      connection.discover(signal);
  expect(use).toBeTypeOf("function");
});
