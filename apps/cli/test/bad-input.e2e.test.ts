import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faults } from "./fixture/valid.ts";
import { shopYaml, startWorld, type World } from "./fixture/world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({
    hosts: [
      {
        name: "hv1",
        domains: [
          { name: "db01" },
          { name: "web01" },
          { name: "raw01", disks: [{ format: "qcow2" }, { format: "raw" }] },
          { name: "mute01", agent: false },
        ],
      },
    ],
  });
  const file = (name: string, text: string) => world.write(name, text);
  await file("shop.yaml", shopYaml(world.uri));
  await file("nowhere.yaml", shopYaml("qemu+unix:///system?socket=/nowhere/none.sock"));
  await file(
    "wrong.yaml",
    "quiesce: 1\nname: wrong\nproviders: {hv1: {plugin: libvirt}}\ninstances:\n  db: {provider: hv9, kind: vn}\n",
  );
  await file("broken.yaml", "quiesce: 1\nname: [\n");
  await file("other-cloud.yaml", shopYaml(world.uri).replace("plugin: libvirt", "plugin: libvrt"));
  await file(
    "literal.yaml",
    shopYaml(world.uri).replace("plugin: libvirt,", "plugin: libvirt, password: canary-literal,"),
  );
  await file("missing.yaml", shopYaml(world.uri).replace("db01", "db99"));
  await file("raw.yaml", shopYaml(world.uri).replace("db01", "raw01"));
  const { disks } = await world.sim.control.ask("domain", { domain: "db01" });
  await file(
    "volume.yaml",
    `quiesce: 1\nname: vol\nproviders: { hv1: { plugin: libvirt, uri: "${world.uri}" } }\ninstances: { data: { provider: hv1, kind: volume, id: ${disks[0]?.path ?? ""} } }\n`,
  );
  await file("mute.yaml", shopYaml(world.uri).replace("db01", "mute01"));
  await file("secret.yaml", shopYaml(world.uri).replace(`"${world.uri}"`, "{env: HV_URI}"));
});
afterAll(() => world[Symbol.asyncDispose]());

const snapshot = ["--kind", "snapshot"];

/** Arguments, exit code, what the one message must say. */
const cases: readonly (readonly [name: string, args: readonly string[], code: number, says: RegExp])[] = [
  ["unknown command", ["bakup", "shop.yaml"], 2, /unknown command 'bakup'\n\(Did you mean backup\?\)/],
  ["unknown option", ["backup", "shop.yaml", "--nmae", "n"], 2, /unknown option '--nmae'\n\(Did you mean --name\?\)/],
  ["unknown subcommand", ["plan", "bakup", "shop.yaml"], 2, /unknown command 'bakup'\n\(Did you mean backup\?\)/],
  ["missing argument", ["backup"], 2, /missing required argument 'deployment'/],
  ["missing name", ["restore", "shop.yaml"], 2, /A restore needs the name of a set/],
  [
    "wrong choice",
    ["backup", "shop.yaml", "--kind", "copy"],
    2,
    /'copy' is invalid. Allowed choices are snapshot, backup/,
  ],
  [
    "wrong duration",
    ["backup", "shop.yaml", "--freeze-deadline", "30"],
    2,
    /--freeze-deadline: "30" is not a duration/,
  ],
  ["unknown deployment", ["backup", "shpo"], 9, /There is no deployment "shpo"/],
  ["unknown file", ["backup", "./shpo.yaml"], 9, /There is no deployment file .*shpo\.yaml/],
  ["unreachable socket", ["backup", "nowhere.yaml", ...snapshot], 1, /hv1.*\/nowhere\/none\.sock/],
  ["wrong file", ["backup", "wrong.yaml"], 2, /wrong\.yaml:5:\d+: .*\n.*wrong\.yaml:5:\d+: /],
  ["broken YAML", ["backup", "broken.yaml"], 2, /broken\.yaml:\d+:\d+: /],
  [
    "unknown plugin",
    ["backup", "other-cloud.yaml"],
    2,
    /There is no plugin "libvrt".*\n.*npm install @quiesce\/plugin-libvrt/,
  ],
  ["literal secret", ["backup", "literal.yaml"], 2, /literal\.yaml:4:\d+: .*secret/i],
  ["missing machine", ["backup", "missing.yaml", ...snapshot], 9, /db99/],
  ["unsupported cell", ["backup", "volume.yaml", "--kind", "backup"], 5, /data.*attached to db01/],
  [
    "unknown instance",
    ["backup", "shop.yaml", ...snapshot, "--include-instances", "dbb"],
    9,
    /no instance "dbb".*Did you mean db/,
  ],
  [
    "empty selection",
    ["backup", "shop.yaml", ...snapshot, "--exclude-instances", "db,web"],
    2,
    /No instance of deployment shop is selected/,
  ],
  ["uncovered disk", ["backup", "raw.yaml", ...snapshot], 5, /vdb/],
  ["no agent", ["backup", "mute.yaml", ...snapshot], 12, /db cannot be frozen: .*agent/],
  ["name with a slash", ["backup", "shop.yaml", "--name", "a/b"], 2, /"a\/b" cannot name a set/],
  ["name with dots", ["backup", "shop.yaml", "--name", "../x"], 2, /cannot name a set/],
  [
    "name with a control character",
    ["backup", "shop.yaml", "--name", "a\u001b[31m"],
    2,
    /"a\\u001b\[31m" cannot name a set: it holds a control character/,
  ],
  ["missing set", ["restore", "shop.yaml", "--name", "none", "--yes"], 9, /shop has no set "none"/],
  ["secret that is not set", ["backup", "secret.yaml", ...snapshot], 2, /HV_URI is not set/],
  [
    "incremental snapshot",
    ["backup", "shop.yaml", ...snapshot, "--incremental"],
    2,
    /--incremental belongs to --kind backup/,
  ],
  ["contradiction", ["backup", "shop.yaml", "--quiesce", "required", "--allow-degraded"], 2, /contradict/],
  ["no plan", ["apply", "none.json"], 9, /none\.json cannot be read: there is no such file/],
  ["no plan either", ["apply", "shop.yaml"], 2, /is no saved plan/],
  ["unknown run", ["executions", "show", "nope"], 9, /There (is no run "nope"|are no runs)/],
  ["unknown profile", ["config", "show", "--profile", "x"], 2, /There is no profile "x"/],
  ["unknown shell", ["completion", "tcsh"], 2, /Allowed choices are bash, zsh, fish/],
  ["unknown plugin asked", ["capabilities", "gpc"], 2, /There is no plugin "gpc"/],
];

test.each(cases)("%s", async (_name, args, code, says) => {
  const ended = await world.run(args);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: expect.stringMatching(says) });
  expect(ended.stdout).toBe("");
  // One message, in plain words: no stack, no control character.
  expect(ended.stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(ended.stderr).not.toMatch(/[^\P{Cc}\n]/u);
  expect(ended.stderr).not.toContain("canary-literal");
  // Nothing was done, and above all nothing is frozen.
  expect(await world.sim.control.ask("mutations")).toEqual({});
});

test.each(cases.filter(([, , code]) => code !== 1).slice(0, 5))("%s, as JSON", async (_name, args, code) => {
  const { stdout, code: exitCode } = await world.run([...args, "--json"]);
  const document = JSON.parse(stdout) as { exitCode: number };
  expect(faults("error-1", document)).toEqual([]);
  expect([exitCode, document.exitCode]).toEqual([code, code]);
});

test("a name that is taken, and two kinds of one name", async () => {
  const first = await world.run(["backup", "shop.yaml", "--name", "twice", ...snapshot]);
  expect(first.code).toBe(0);
  const before = await world.sim.control.ask("mutations");
  const second = await world.run(["backup", "shop.yaml", "--name", "twice", ...snapshot]);
  expect([second.code, second.stderr]).toEqual([9, expect.stringContaining('already has a snapshot "twice"')]);
  const missing = await world.run(["restore", "shop.yaml", "--name", "twcie", "--yes"]);
  expect([missing.code, missing.stderr]).toEqual([
    9,
    expect.stringMatching(/It has twice \(snapshot\).*\nDid you mean twice\?/),
  ]);
  expect(await world.sim.control.ask("mutations")).toEqual(before);
});

test("a destructive command that nobody confirms", async () => {
  await world.run(["backup", "shop.yaml", "--name", "kept", ...snapshot]);
  const before = await world.sim.control.ask("mutations");
  for (const verb of ["restore", "remove-backup"]) {
    const ended = await world.run([verb, "shop.yaml", "--name", "kept"]);
    expect([ended.code, ended.stderr]).toEqual([7, expect.stringContaining("Add --yes when that is meant.")]);
  }
  expect(await world.sim.control.ask("mutations")).toEqual(before);
});

test("a state folder that cannot be written", async () => {
  await world.write("a-file", "");
  const places = [join(world.dir, "a-file", "state")];
  if (process.getuid?.() !== 0) {
    await mkdir(join(world.dir, "locked"));
    await chmod(join(world.dir, "locked"), 0o500);
    places.push(join(world.dir, "locked", "state"));
  }
  for (const place of places) {
    const ended = await world.run(["backup", "shop.yaml", ...snapshot], { QUIESCE_STATE_DIR: place });
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain(place);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  }
});

test("a store that is no store, and one of a newer release", async () => {
  const place = join(world.dir, "odd");
  await mkdir(place, { recursive: true });
  await writeFile(
    join(place, "quiesce.db"),
    "this is no database, and long enough to be told from an empty one ".repeat(20),
  );
  const ended = await world.run(["executions", "list"], { QUIESCE_STATE_DIR: place });
  expect(ended.code).not.toBe(0);
  expect(ended.code).not.toBe(70);
  expect(ended.stderr).toContain("quiesce.db");
});
