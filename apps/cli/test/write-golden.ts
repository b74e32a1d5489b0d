// Makes the backups that every later release must restore: run once per released format, by hand, and commit the result.
//   node --conditions=@quiesce/source apps/cli/test/write-golden.ts
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goldenFolder, goldenSpec, goldenYaml } from "./fixture/golden-shop.ts";
import { startWorld } from "./fixture/world.ts";

const world = await startWorld(goldenSpec(true));
try {
  await world.write("shop.yaml", goldenYaml(world.uri));
  const repository = join(world.dir, "repository");
  const backup = async (name: string, ...more: readonly string[]): Promise<unknown> => {
    const text = `what ${name} knew`.padEnd(64);
    await world.sim.control.ask("guest-write", { domain: "db01", target: "vda", offset: 4096, text });
    const ended = await world.run(["backup", "shop.yaml", "--name", name, "--repository", repository, ...more]);
    if (ended.code !== 0) throw new Error(ended.stderr);
    return await world.sim.control.ask("hashes", { domain: "db01" });
  };
  const hashes = { full: await backup("full"), increment: await backup("increment", "--incremental") };
  await rm(goldenFolder, { recursive: true, force: true });
  await cp(repository, join(goldenFolder, "repository"), { recursive: true });
  await writeFile(join(goldenFolder, "hashes.json"), `${JSON.stringify(hashes, undefined, 2)}\n`);
} finally {
  await world[Symbol.asyncDispose]();
}
