import { openRepository } from "@quiesce/repository";
import { spawnSync } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "./scratch.ts";
import { writerCommand } from "./writer.ts";

/** Runs shell commands in a mount namespace of their own: a mount is seen by them only, and goes with them. */
const inMounts = (commands: string) =>
  spawnSync("sh", ["-c", 'exec unshare --mount sh -ec "$1"', "sh", commands], { encoding: "utf8" });
const canMount = inMounts("mount -t tmpfs none /tmp").status === 0;

const write = (folder: string, bytes: number): string =>
  writerCommand(folder, "nightly", "run-1", `${bytes}`)
    .map((word) => `'${word}'`)
    .join(" ");

const lines = (stdout: string): readonly string[] => stdout.trim().split("\n");

test.skipIf(!canMount)("a full repository is told in plain words, and no part of the disk stays", async () => {
  await using place = await scratch();
  const { path } = place;
  const { stdout, stderr } = inMounts(
    `mount -t tmpfs -o size=12m,mode=700 none '${path}'; ${write(path, 60_000_000)}; find '${path}' -type f -size +1k; df --output=used '${path}'`,
  );
  const told = lines(stdout);
  expect(JSON.parse(told[1] ?? stderr)).toEqual({
    code: "quota-exceeded",
    advice: { retry: "never" },
    message: `The repository ${path} is full. Make room there, or name another repository (disk vda of db).`,
  });
  expect(Number(told.at(-1))).toBeLessThan(100);
});

test("a file that may not grow is told like a full disk", async () => {
  await using place = await scratch();
  const { stdout, stderr } = spawnSync("bash", ["-c", `ulimit -f 10000; ${write(place.path, 60_000_000)}`], {
    encoding: "utf8",
  });
  expect(JSON.parse(lines(stdout)[1] ?? stderr)).toMatchObject({
    code: "quota-exceeded",
    message: expect.stringContaining("cannot hold a file of this size"),
  });
  expect((await readdir(join(place.path, "shop/nightly/db"))).toSorted()).toEqual(["domain.xml", "domain.xml.sha256"]);
});

test.skipIf(!canMount)("a read-only repository can be opened, and refuses a write in plain words", async () => {
  await using place = await scratch();
  const { path } = place;
  await openRepository(path);
  await mkdir(join(path, "shop"));
  const { stdout, stderr } = inMounts(
    `mount --bind '${path}' '${path}'; mount -o remount,ro,bind '${path}'; ${write(path, 1_000_000)}`,
  );
  expect(JSON.parse(lines(stdout)[0] ?? stderr)).toMatchObject({
    code: "forbidden",
    message: `The repository ${path} is mounted read-only (file domain.xml of db).`,
  });
});
