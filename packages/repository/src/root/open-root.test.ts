import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "../../test/scratch.ts";
import { openRepository } from "../open-repository.ts";

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test("a repository is made for its owner only, and keeps its id", async () => {
  await using folder = await scratch();
  const root = join(folder.path, "a", "b");
  const old = process.umask(0);
  try {
    const { id, location } = await openRepository(root);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(location).toBe(root);
    expect((await openRepository(root)).id).toBe(id);
    expect((await openRepository(root, { create: false })).id).toBe(id);
    for (const made of [join(folder.path, "a"), root]) expect(await modeOf(made)).toBe("700");
    expect(await modeOf(join(root, "repository.json"))).toBe("600");
  } finally {
    process.umask(old);
  }
});

test("without leave to create, a missing repository is told and nothing is made", async () => {
  await using folder = await scratch();
  await expect(openRepository(join(folder.path, "a"), { create: false })).rejects.toMatchObject({ code: "not-found" });
  await expect(openRepository(folder.path, { create: false })).rejects.toMatchObject({ code: "not-found" });
  expect(await readdir(folder.path)).toEqual([]);
});

test("a folder that holds something else is refused and not changed; what a file system has by itself is not counted", async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, "lost+found"));
  await writeFile(join(folder.path, "holiday.jpg"), "");
  await expect(openRepository(folder.path)).rejects.toMatchObject({
    code: "refused",
    message: `The folder ${folder.path} holds something else (holiday.jpg).`,
  });
  expect((await readdir(folder.path)).toSorted()).toEqual(["holiday.jpg", "lost+found"]);
  await mkdir(join(folder.path, "r"));
  await mkdir(join(folder.path, "r", "lost+found"));
  await openRepository(join(folder.path, "r"));
});

test("a folder that anybody may write to is refused", async () => {
  await using folder = await scratch();
  await chmod(folder.path, 0o777);
  await expect(openRepository(folder.path)).rejects.toMatchObject({
    code: "refused",
    hint: expect.stringContaining(`chmod o-w ${folder.path}`),
  });
});

test("a newer repository, a damaged one, and a file are told apart", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "repository.json");
  await openRepository(folder.path);
  const newer = (await readFile(file, "utf8")).replace("quiesce.repository/1", "quiesce.repository/2");
  for (const [text, code] of [
    [newer, "newer-store"],
    ["", "damaged"],
    ["null", "damaged"],
    ['{"schema":"other"}', "damaged"],
  ] as const) {
    await writeFile(file, text);
    await expect(openRepository(folder.path)).rejects.toMatchObject({ code });
    expect(await readFile(file, "utf8")).toBe(text);
  }
  await expect(openRepository(file)).rejects.toMatchObject({ code: "usage" });
  await expect(openRepository(join(file, "below"))).rejects.toMatchObject({ code: "unreachable" });
});

test.runIf(process.platform === "linux")("a place where no folder can be made is told, and at once", async () => {
  await expect(openRepository("/proc/quiesce")).rejects.toMatchObject({ code: "unreachable" });
});
