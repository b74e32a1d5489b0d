import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Manifest, RunSummary } from "@quiesce/core";
import { shopYaml, startWorld, type World } from "./fixture/world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld({
    hosts: [{ name: "hv1", domains: [{ name: "db01" }, { name: "web01" }, { name: "mute01", agent: false }] }],
  });
  await world.write("shop.yaml", shopYaml(world.uri));
  await world.write("mute.yaml", shopYaml(world.uri).replace("web01", "mute01"));
});
afterEach(() => world[Symbol.asyncDispose]());

const ask = () => world.sim.control;
const backup = (name: string, file = "shop.yaml") => ["backup", file, "--name", name, "--kind", "snapshot"];

type Worth = Partial<Pick<RunSummary["instances"][number], "instance" | "consistency">>;
const worthOf = (rows: readonly Worth[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(rows.flatMap(({ instance, consistency }) => (consistency ? [[instance, consistency]] : [])));

describe("T-08: a machine without an agent among those that are backed up", () => {
  test("is refused with 12, nothing is done, and the message tells the ways out", async () => {
    const ended = await world.run(backup("n", "mute.yaml"));
    expect([ended.code, ended.stderr]).toEqual([12, expect.stringMatching(/web cannot be frozen: .*agent/)]);
    expect(await ask().ask("mutations")).toEqual({});
    expect(JSON.parse((await world.run(["backups", "list", "--json"])).stdout)).toMatchObject({ backups: [] });
  });

  test("is taken as it is when that is allowed, and the catalogue says of each what it is worth", async () => {
    const ended = await world.run([...backup("n", "mute.yaml"), "--allow-degraded", "--json"]);
    expect(ended.code, ended.stderr).toBe(0);
    const worth = { db: "fs", web: "memory" };
    expect(worthOf((JSON.parse(ended.stdout) as RunSummary).instances)).toMatchObject(worth);
    const shown = await world.run(["backups", "show", "shop", "n", "--json"]);
    expect(worthOf((JSON.parse(shown.stdout) as { readonly set: Manifest }).set.items)).toMatchObject(worth);
  });
});

/** How a run comes to an end, and the exit code of that. */
const ends = [
  ["succeeds", undefined, 0],
  ["is partial", { procedure: "domainSnapshotCreateXml", object: "db01" }, 3],
  ["fails", { procedure: "domainFsFreeze", object: "db01" }, 1],
] as const;

describe.each(ends)("T-15: a run that %s", (_, on, code) => {
  test.each([
    ["as text", [], /^/],
    [
      "as one document",
      ["--json"],
      new RegExp(`"status": "${code === 0 ? "succeeded" : code === 3 ? "partial" : "failed"}"`),
    ],
    ["as events", ["-o", "ndjson"], /"type":"result"/],
  ] as const)(`%s ends with ${code}`, async (how, flags, says) => {
    if (on !== undefined)
      await ask().ask("add-fault", {
        fault: {
          on: { ...on, times: "always" },
          do: { kind: "fail", error: { code: 38, message: "refused by the test" } },
        },
      });
    const ended = await world.run([...backup("n"), ...flags]);
    expect([how, ended.code]).toEqual([how, code]);
    expect(ended.stdout).toMatch(says);
    expect(await ask().ask("frozen")).toEqual([]);
  });
});
