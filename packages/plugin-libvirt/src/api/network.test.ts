import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { driftOf } from "./drift.ts";
import { canonicalNetwork, comparable } from "./network.ts";

const golden = readFileSync(join(import.meta.dirname, "golden/network.xml"), "utf8");
const stored = canonicalNetwork(golden);
const driftTo = (xml: string, from = golden) => {
  const wanted = canonicalNetwork(from);
  return driftOf(wanted, comparable(canonicalNetwork(xml), wanted));
};
const hosts = /<host mac[^>]*\/>/g;

test("a network is equal to itself, with its hosts in another order, and while guests hang on it", () => {
  const [one = "", two = ""] = golden.match(hosts) ?? [];
  const swapped = golden.replace(one, "<swap/>").replace(two, one).replace("<swap/>", two);
  expect(swapped).not.toBe(golden);
  expect(driftTo(swapped)).toEqual([]);
  expect(driftTo(golden.replace("<network>", "<network connections='3'>"))).toEqual([]);
});

test("a difference has a path that tells which element it is in", () => {
  expect(driftTo(golden.replace("192.168.150.12'/>", "192.168.150.77'/>"))).toEqual([
    {
      path: "/ip/192.168.150.1/dhcp/host/52:54:00:00:00:02/@ip",
      stored: "192.168.150.12",
      current: "192.168.150.77",
    },
  ]);
  expect(driftTo(golden.replace("shop.example", "other.example"))).toEqual([
    { path: "/domain/@name", stored: "shop.example", current: "other.example" },
  ]);
  const [one = ""] = golden.match(hosts) ?? [];
  expect(driftTo(golden.replace(one, ""))).toMatchObject([
    { path: "/ip/192.168.150.1/dhcp/host/52:54:00:00:00:01", current: null },
  ]);
  expect(
    driftTo(golden.replace("</dhcp>", "<host mac='52:54:00:00:00:03' ip='192.168.150.13'/></dhcp>")),
  ).toMatchObject([{ path: "/ip/192.168.150.1/dhcp/host/52:54:00:00:00:03", stored: null }]);
});

test("what libvirt makes up counts only when the stored definition has it", () => {
  const bare = golden.replace(/<uuid>.*<\/uuid>|<bridge[^>]*\/>|<mac [^>]*\/>/g, "");
  expect(driftTo(golden, bare)).toEqual([]);
  expect(driftTo(bare, golden).map(({ path }) => path)).toEqual(["/bridge", "/mac", "/uuid"]);
});

test("two of one kind with the same key are both kept", () => {
  const twice = golden.replace("<hostname>one</hostname>", "<hostname>one</hostname><hostname>one</hostname>");
  expect(driftTo(twice)).toMatchObject([{ path: "/dns/host/192.168.150.5/hostname/one#2", stored: null }]);
});

test("the canonical form is plain JSON, and pointers escape what they must", () => {
  expect(structuredClone(stored)).toEqual(stored);
  expect(driftOf({ "a/b~c": 1 }, {})).toEqual([{ path: "/a~1b~0c", stored: 1, current: null }]);
  expect(driftOf([1, 2], [1, 2])).toEqual([]);
  expect(driftOf([1, 2], [2, 1])).toEqual([{ path: "", stored: [1, 2], current: [2, 1] }]);
});
