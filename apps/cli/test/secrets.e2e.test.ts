import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shopSpec, shopYaml, startWorld, type World } from "./fixture/world.ts";

test("a secret is in no output, no journal, no plan and no debug file", async () => {
  await using world = await startWorld(shopSpec());
  // The whole URI is the secret here: a failure's text and a stored deployment would both like to hold it.
  const canary = `${world.uri}&keyfile=/c4n4ry`;
  const yaml = shopYaml(world.uri).replace(`"${world.uri}"`, "{env: HV_URI}");
  await world.write("shop.yaml", yaml);
  const env = { HV_URI: canary };
  const outputs: string[] = [];
  const run = async (...args: readonly string[]): Promise<number | null> => {
    const { code, stdout, stderr } = await world.run(args, env);
    outputs.push(stdout, stderr);
    return code;
  };
  expect(await run("deployments", "add", "shop.yaml")).toBe(0);
  expect(await run("deployments", "show", "shop", "--json")).toBe(0);
  expect(await run("doctor", "shop")).toBe(0);
  expect(await run("plan", "backup", "shop", "--kind", "snapshot", "--name", "p", "--out", "plan.json", "--json")).toBe(
    0,
  );
  expect(await run("backup", "shop", "--kind", "snapshot", "--name", "n", "-o", "ndjson")).toBe(0);
  expect(await run("executions", "events", await newest(world), "--json")).toBe(0);
  expect(await run("backups", "show", "shop", "n", "--json")).toBe(0);
  await world.sim.control.ask("add-fault", {
    fault: {
      on: { procedure: "domainSnapshotCreateXml", times: "always" },
      do: { kind: "fail", error: { code: 38, message: `cannot open ${canary}` } },
    },
  });
  expect(await run("backup", "shop", "--kind", "snapshot", "--name", "fails", "--json")).not.toBe(0);
  expect(await run("executions", "show", "--json")).toBe(0);
  const stored = filesBelow(world.dir, ["sim"]).map((file) => readFileSync(file, "latin1"));
  for (const text of [...outputs, ...stored]) expect(text).not.toContain("c4n4ry");
  expect(outputs.join("")).toContain("cannot open ***");
});

const newest = async (world: World): Promise<string> => {
  const { stdout } = await world.run(["executions", "list", "--json"]);
  const { runs } = JSON.parse(stdout) as { readonly runs: readonly { readonly run: string }[] };
  return runs[0]?.run ?? "none";
};

const filesBelow = (dir: string, except: readonly string[]): readonly string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (except.includes(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(path, []);
    return entry.isFile() ? [path] : [];
  });
