import { afterEach, beforeEach, expect, test } from "vitest";
import { shopSpec, shopYaml, startWorld, type Ended, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld(shopSpec());
  await world.write("shop.yaml", shopYaml(world.uri));
});
afterEach(() => world[Symbol.asyncDispose]());

const ask = () => world.sim.control;
const frozen = () => ask().ask("frozen");
const backup = ["backup", "shop.yaml", "--name", "n", "--kind", "snapshot"];
const snapshots = async (name: string) => (await ask().ask("domain", { domain: name })).snapshots;

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`It did not come to this: ${what}.`);
};

/** A backup whose process is killed while both machines are frozen. Captures take as long as `captureMs`. */
const killedWhileFrozen = async (captureMs = 600): Promise<string> => {
  await ask().ask("configure", { set: { delays: { captureMs } } });
  const command = world.start(backup);
  await until("both machines are frozen", async () => (await frozen()).length === 2);
  command.signal("SIGKILL");
  await command.ended;
  return await onlyRun();
};

const onlyRun = async (): Promise<string> => {
  const { stdout } = await world.run(["executions", "list", "--json"]);
  const [run] = (JSON.parse(stdout) as { readonly runs: readonly { readonly run: string }[] }).runs;
  return run?.run ?? "none";
};

interface Recovery {
  readonly schema: string;
  readonly exitCode: number;
  readonly runs: readonly {
    readonly runId: string;
    readonly did: string;
    readonly exitCode: number;
    readonly found: { readonly frozen: readonly { readonly instance: string }[]; readonly inDoubt: readonly string[] };
    readonly result: { readonly status: string; readonly frozen: readonly string[] };
  }[];
}
const documentOf = ({ stdout }: Ended): Recovery => JSON.parse(stdout) as Recovery;

test("a backup that was killed in its window goes on: one recover, all thawed, one snapshot each", async () => {
  const run = await killedWhileFrozen();
  const ended = await world.run(["recover", "--json"]);
  expect(documentOf(ended)).toMatchObject({
    schema: "quiesce.recovery/1",
    exitCode: 0,
    runs: [{ runId: run, did: "continued", result: { status: "succeeded", frozen: [] } }],
  });
  expect(ended.code).toBe(0);
  expect(await frozen()).toEqual([]);
  for (const name of ["db01", "web01"]) expect(await snapshots(name)).toHaveLength(1);
});
