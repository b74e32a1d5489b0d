// Every released format stays restorable: sets that an earlier release wrote come back on a host that lost the machine.
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldenFolder, goldenSpec, goldenYaml } from "./fixture/golden-shop.ts";
import { startWorld } from "./fixture/world.ts";

test.for(["full", "increment"] as const)("format 1: the %s backup comes back, byte by byte", async (name) => {
  await using world = await startWorld(goldenSpec(false));
  await world.write("shop.yaml", goldenYaml(world.uri));
  await cp(join(goldenFolder, "repository"), join(world.dir, "repository"), { recursive: true });
  const rebuilt = await world.run(["backups", "rebuild", "--repository", "repository"]);
  expect(rebuilt.code, rebuilt.stderr).toBe(0);
  const verified = await world.run(["backups", "verify", "shop.yaml"]);
  expect(verified.code, verified.stdout).toBe(0);
  const only = ["--include-instances", "db"];
  const restored = await world.run(["restore", "shop.yaml", "--name", name, ...only, "--yes"]);
  expect(restored.code, restored.stderr).toBe(0);
  const hashes = JSON.parse(await readFile(join(goldenFolder, "hashes.json"), "utf8"));
  expect(await world.sim.control.ask("hashes", { domain: "db01" })).toEqual(hashes[name]);
});
