// Backups of bytes by the shipped command line, of machines on a simulated host.
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesIn, flipByte } from "./fixture/stored-disk.ts";
import { shopSpec, shopYaml, startWorld, type Ended, type World } from "./fixture/world.ts";

const isRoot = process.getuid?.() === 0;

describe("backups of bytes", () => {
  let world: World;
  let repository: string;

  beforeAll(async () => {
    world = await startWorld(shopSpec({ pools: [{ name: "default" }] }));
    repository = join(world.dir, "repository");
    await world.write("shop.yaml", shopYaml(world.uri));
    await world.write("quiesce.yaml", "repository: repository\n");
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  const quiesce = async (...args: readonly string[]): Promise<Ended> => await world.run(args);
  const backup = async (name: string, ...more: readonly string[]): Promise<Ended> =>
    await quiesce("backup", "shop.yaml", "--name", name, ...more);
  const hashes = async (domain: string): Promise<unknown> => await world.sim.control.ask("hashes", { domain });
  const write = async (text: string): Promise<void> => {
    for (const domain of ["db01", "web01"])
      await world.sim.control.ask("guest-write", { domain, target: "vda", text: text.padEnd(64) });
  };
  const there = async (path: string): Promise<boolean> =>
    await readdir(path).then(
      () => true,
      () => false,
    );

  test("a dry run says where the bytes would go, and makes nothing", async () => {
    const planned = await backup("dry", "--dry-run");
    expect(planned).toMatchObject({ code: 0 });
    expect(planned.stdout).toContain(repository);
    expect(planned.stdout).toMatch(/\bfull\b/);
    expect(await there(repository)).toBe(false);
  });

  test("full, increment, verification, restore, and removal in the right order", async () => {
    await write("one");
    expect(await backup("one")).toMatchObject({ code: 0 });
    await write("two");
    const before = [await hashes("db01"), await hashes("web01")];
    expect(await backup("two", "--incremental")).toMatchObject({ code: 0 });
    const shown = await quiesce("backups", "show", "shop.yaml", "two");
    expect(shown.stdout).toMatch(/^RESTORABLE yes: .* found in the repository$/m);
    expect(shown.stdout).toMatch(/^builds on: one$/m);
    const verified = await quiesce("backups", "verify", "shop.yaml", "--json");
    expect(verified).toMatchObject({ code: 0 });
    expect(JSON.parse(verified.stdout)).toMatchObject({
      schema: "quiesce.verification/1",
      sets: [{ name: "two" }, { name: "one" }],
    });
    await write("lost");
    expect(await quiesce("restore", "shop.yaml", "--name", "two", "--yes")).toMatchObject({ code: 0 });
    expect([await hashes("db01"), await hashes("web01")]).toEqual(before);

    const refused = await quiesce("remove-backup", "shop.yaml", "--name", "one", "--yes");
    expect(refused).toMatchObject({ code: 5 });
    expect(refused.stderr).toMatch(/two.*--with-dependants/s);
    expect(
      await quiesce("remove-backup", "shop.yaml", "--name", "one", "--with-dependants", "--dry-run"),
    ).toMatchObject({
      code: 0,
      stdout: "Would be removed, in this order:\n  backup two\n  backup one\n",
    });
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "one", "--with-dependants")).toMatchObject({
      code: 7,
    });
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "one", "--with-dependants", "--yes")).toMatchObject({
      code: 0,
    });
    expect(await filesIn(repository, "")).toEqual([join(repository, "repository.json")]);
  });

  test("compressed backups are restored from, and so is an increment on a plain one", async () => {
    const only = ["--include-instances", "db"];
    await write("plain");
    expect(await backup("plain", ...only)).toMatchObject({ code: 0 });
    await write("squeezed");
    const before = await hashes("db01");
    expect(await backup("squeezed", "--incremental", "--compress", "zstd", ...only)).toMatchObject({ code: 0 });
    expect(await filesIn(repository, ".extents.zst")).toHaveLength(1);
    await write("lost");
    expect(await quiesce("restore", "shop.yaml", "--name", "squeezed", "--yes")).toMatchObject({ code: 0 });
    expect(await hashes("db01")).toEqual(before);
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "plain", "--with-dependants", "--yes")).toMatchObject({
      code: 0,
    });
  });

  test("two writers of one name into one repository: one is refused in plain words, the other's set is whole", async () => {
    const spec = { QUIESCE_STATE_DIR: join(world.dir, "other"), QUIESCE_REPOSITORY: repository };
    expect(await backup("nightly", "--include-instances", "db")).toMatchObject({ code: 0 });
    const second = await world.run(["backup", "shop.yaml", "--name", "nightly", "--include-instances", "web"], spec);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/nightly.*(belongs to|made by|another)/);
    expect(await quiesce("backups", "verify", "shop.yaml", "nightly")).toMatchObject({ code: 0 });
    for (const domain of ["db01", "web01"])
      expect(await world.sim.control.ask("domain", { domain })).toMatchObject({ state: "running" });
    expect(await world.run(["backups", "list", "--json"], spec)).toMatchObject({
      stdout: expect.stringContaining('"backups": []'),
    });
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "nightly", "--yes")).toMatchObject({ code: 0 });
  });

  test.skipIf(!isRoot)(
    "a full repository: what happened is said, the guests run on, the next backup works",
    async () => {
      const small = join(world.dir, "small");
      await mkdir(small);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=200k,mode=700", "tmpfs", small]);
      try {
        await write("x".repeat(60));
        for (const domain of ["db01", "web01"])
          await world.sim.control.ask("guest-write", {
            domain,
            target: "vda",
            offset: 8192,
            text: "y".repeat(300_000),
          });
        const full = await backup("too-big", "--repository", small);
        expect(full.code).toBe(1);
        expect(full.stderr).toMatch(/full|room/);
        expect(await world.sim.control.ask("frozen", {})).toEqual([]);
        expect(await backup("fits")).toMatchObject({ code: 0 });
        expect(await quiesce("remove-backup", "shop.yaml", "--name", "fits", "--yes")).toMatchObject({ code: 0 });
      } finally {
        execFileSync("umount", [small]);
      }
    },
  );

  test("a repository that moved is found by its new place; one that is not there is asked for", async () => {
    const made = await backup("moving");
    expect(made.code, made.stderr).toBe(0);
    const moved = join(world.dir, "moved");
    await rename(repository, moved);
    try {
      const lost = await quiesce("restore", "shop.yaml", "--name", "moving", "--yes");
      expect(lost.code).toBe(1);
      expect(lost.stderr).toContain("--repository FOLDER");
      const shown = await quiesce("backups", "show", "shop.yaml", "moving");
      expect(shown.stdout).toMatch(/^RESTORABLE no/);
      const found = ["restore", "shop.yaml", "--name", "moving", "--yes", "--repository", moved];
      expect(await quiesce(...found)).toMatchObject({ code: 0 });
    } finally {
      await rename(moved, repository);
    }
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "moving", "--yes")).toMatchObject({ code: 0 });
  });

  test("a damaged byte ends verification and restore with 6, and the machine is not touched", async () => {
    expect(await backup("rot", "--include-instances", "db")).toMatchObject({ code: 0 });
    const [file = ""] = await filesIn(join(repository, "shop", "rot"), ".raw");
    await flipByte(file);
    const before = await hashes("db01");
    expect(await quiesce("backups", "verify", "shop.yaml", "rot")).toMatchObject({ code: 6 });
    const ended = await quiesce("restore", "shop.yaml", "--name", "rot", "--yes");
    expect(ended.code).toBe(6);
    expect(ended.stderr).toMatch(/Block 0|damaged/i);
    expect(await hashes("db01")).toEqual(before);
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "rot", "--yes")).toMatchObject({ code: 0 });
  });

  test("protected sets are neither removed nor pruned; a rule removes the others, and asks for a number first", async () => {
    for (const name of ["p1", "p2", "p3", "p4"])
      expect(await backup(name, "--include-instances", "web")).toMatchObject({ code: 0 });
    expect(await quiesce("backups", "protect", "shop.yaml", "p1")).toMatchObject({ code: 0 });
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "p1", "--yes")).toMatchObject({ code: 5 });
    expect(await quiesce("backups", "prune", "shop.yaml")).toMatchObject({ code: 2 });
    const dry = await quiesce("backups", "prune", "shop.yaml", "--keep-last", "1", "--dry-run");
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toMatch(/keep +p1 .*protected/);
    expect(dry.stdout).toContain("2 of 4 set(s) would go.");
    const unsure = await quiesce("backups", "prune", "shop.yaml", "--keep-last", "1", "--yes");
    expect(unsure.code).toBe(7);
    expect(unsure.stderr).toContain("--confirm 2");
    const pruned = await quiesce("backups", "prune", "shop.yaml", "--keep-last", "1", "--yes", "--confirm", "2");
    expect(pruned).toMatchObject({ code: 0 });
    const left = JSON.parse((await quiesce("backups", "list", "--json")).stdout).backups;
    expect(left.map(({ name }: { name: string }) => name)).toEqual(["p4", "p1"]);
    expect(await quiesce("backups", "unprotect", "shop.yaml", "p1")).toMatchObject({ code: 0 });
  });

  test("a lost catalogue is made again, and what is restored from it is what it was", async () => {
    await write("before the loss");
    const before = await hashes("web01");
    expect(await backup("kept")).toMatchObject({ code: 0 });
    await rm(world.stateDir, { recursive: true });
    expect(await quiesce("backups", "list")).toMatchObject({ stdout: "No sets.\n" });
    const rebuilt = await quiesce("backups", "rebuild", "--json");
    expect(rebuilt).toMatchObject({ code: 0 });
    expect(JSON.parse(rebuilt.stdout)).toMatchObject({ schema: "quiesce.rebuild/1", refused: [], damaged: [] });
    expect((await quiesce("backups", "rebuild")).stdout).toMatch(/^0 set\(s\).*3 were there already/);
    await write("after the loss");
    expect(await quiesce("restore", "shop.yaml", "--name", "kept", "--yes")).toMatchObject({ code: 0 });
    expect(await hashes("web01")).toEqual(before);
    // The new store took the identity of the lost one, so that its sets are its own again.
    expect(await quiesce("remove-backup", "shop.yaml", "--name", "kept", "--yes")).toMatchObject({ code: 0 });
  });

  test("what contradicts itself is refused before anything is contacted", async () => {
    for (const args of [
      ["backup", "shop.yaml", "--kind", "snapshot", "--incremental"],
      ["restore", "shop.yaml", "--name", "p4", "--connect", "--yes"],
      ["remove-backup", "shop.yaml", "--name", "p4", "--with-dependants", "--include-instances", "db", "--yes"],
      ["backups", "prune", "shop.yaml", "--keep-last", "0"],
    ])
      expect(await quiesce(...args), args.join(" ")).toMatchObject({ code: 2 });
  });

  test("a folder with other content is not taken for a repository, and one that cannot be written is told", async () => {
    const ended = await backup("x", "--repository", world.dir);
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain(world.dir);
    if (isRoot) return;
    const locked = join(world.dir, "locked");
    await mkdir(locked);
    await chmod(locked, 0o500);
    expect(await backup("x", "--repository", locked)).toMatchObject({ code: 1 });
  });
});
