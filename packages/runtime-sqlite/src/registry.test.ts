import { asId } from "@quiesce/core";
import { openStore, type Registered } from "./index.ts";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const fileIn = ({ path }: { readonly path: string }): string => join(path, "store.db");

const entry = (name: string, file: string): Registered => ({
  name: asId(name),
  file,
  addedAt: asId("2030-01-01T00:00:00.000Z"),
});

test("deployments are kept by name, and a name is replaced", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  const { deployments, close } = await openStore(fileIn(folder));
  await deployments.put(entry("shop", "/a.yaml"));
  await deployments.put(entry("'; DROP TABLE run; --", "/b.yaml"));
  await deployments.put(entry("shop", "/c.yaml"));
  expect(await deployments.list()).toEqual([entry("'; DROP TABLE run; --", "/b.yaml"), entry("shop", "/c.yaml")]);
  expect(await deployments.get(asId("shop"))).toEqual(entry("shop", "/c.yaml"));
  expect(await deployments.get(asId("nobody"))).toBeUndefined();
  expect(await deployments.remove(asId("shop"))).toBe(true);
  expect(await deployments.remove(asId("shop"))).toBe(false);
  await close();
});
