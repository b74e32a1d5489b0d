import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findPlugins } from "./find-plugins.ts";

let root = "";

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "quiesce-plugins-")));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const addPackage = async (folder: string, name: string, version = "1.0.0"): Promise<string> => {
  const path = join(root, folder, "node_modules", name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "package.json"), JSON.stringify({ name, version }));
  return path;
};

const search = async (installation: string, cwd: string) => {
  await mkdir(join(root, installation), { recursive: true });
  await mkdir(join(root, cwd), { recursive: true });
  return await findPlugins(join(root, installation), join(root, cwd));
};

test("plugins are found upward from the installation and from the working folder, by both names", async () => {
  await addPackage("lib/quiesce", "@quiesce/plugin-libvirt");
  await addPackage("lib", "@quiesce/plugin-gcp");
  await addPackage("work", "quiesce-plugin-acme");
  await addPackage("work", "@quiesce/core");
  await addPackage("work", "quiesce-plugin-");
  const { found, refused } = await search("lib/quiesce", "work/deep/er");
  expect(found.map((one) => [one.name, one.package])).toEqual([
    ["acme", "quiesce-plugin-acme"],
    ["gcp", "@quiesce/plugin-gcp"],
    ["libvirt", "@quiesce/plugin-libvirt"],
  ]);
  expect(refused).toEqual([]);
});

test("of two with one name the one next to quiesce counts, then the project's own scope", async () => {
  await addPackage("lib/quiesce", "@quiesce/plugin-libvirt", "1.0.0");
  await addPackage("work", "@quiesce/plugin-libvirt", "2.0.0");
  await addPackage("work", "@quiesce/plugin-acme", "3.0.0");
  await addPackage("work", "quiesce-plugin-acme", "4.0.0");
  const { found } = await search("lib/quiesce", "work");
  expect(found.map(({ name, version }) => `${name} ${version}`)).toEqual(["acme 3.0.0", "libvirt 1.0.0"]);
});

test("a link to a package elsewhere is followed", async () => {
  const real = await addPackage("store", "@quiesce/plugin-libvirt");
  await mkdir(join(root, "work/node_modules/@quiesce"), { recursive: true });
  await symlink(real, join(root, "work/node_modules/@quiesce/plugin-libvirt"));
  const { found } = await search("lib/quiesce", "work");
  expect(found.map(({ folder }) => folder)).toEqual([real]);
});

test("a world-writable node_modules is refused, and said", async () => {
  await addPackage("work", "@quiesce/plugin-libvirt");
  await chmod(join(root, "work/node_modules"), 0o777);
  expect(await search("lib/quiesce", "work")).toEqual({
    found: [],
    refused: [{ path: join(root, "work/node_modules"), why: "it is world-writable" }],
  });
});

test("a node_modules below a world-writable folder is refused, unless the sticky bit protects it", async () => {
  await addPackage("work", "@quiesce/plugin-libvirt");
  await chmod(join(root, "work"), 0o777);
  const open = await search("lib/quiesce", "work");
  expect(open.refused.map(({ why }) => why)).toEqual(["the folder above it is world-writable"]);
  await chmod(join(root, "work"), 0o1777);
  const sticky = await search("lib/quiesce", "work");
  expect(sticky.found.map(({ name }) => name)).toEqual(["libvirt"]);
});

test("a world-writable package, or one behind a link, is refused", async () => {
  const open = await addPackage("work", "@quiesce/plugin-libvirt");
  await chmod(open, 0o777);
  const elsewhere = await addPackage("store", "quiesce-plugin-acme");
  await chmod(elsewhere, 0o777);
  await symlink(elsewhere, join(root, "work/node_modules/quiesce-plugin-acme"));
  const { found, refused } = await search("lib/quiesce", "work");
  expect(found).toEqual([]);
  expect(refused.map(({ path, why }) => [path.split("/").at(-1), why])).toEqual([
    ["plugin-libvirt", "it is world-writable"],
    ["quiesce-plugin-acme", "it is world-writable"],
  ]);
});

test.runIf(process.getuid?.() === 0)("a folder of another user is refused", async () => {
  const { chown } = await import("node:fs/promises");
  await addPackage("work", "@quiesce/plugin-libvirt");
  await chown(join(root, "work/node_modules"), 12_345, 12_345);
  const { found, refused } = await search("lib/quiesce", "work");
  expect(found).toEqual([]);
  expect(refused.map(({ why }) => why)).toEqual(["it belongs to another user (uid 12345)"]);
});

test("a broken package is said, and does not hide the others", async () => {
  const broken = await addPackage("work", "@quiesce/plugin-broken");
  await writeFile(join(broken, "package.json"), "{");
  await addPackage("work", "@quiesce/plugin-libvirt");
  const { found, refused } = await search("lib/quiesce", "work");
  expect(found.map(({ name }) => name)).toEqual(["libvirt"]);
  expect(refused).toHaveLength(1);
});
