import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shellWord } from "../src/render/shell-word.ts";
import { killedWhileFrozen } from "./fixture/killed-run.ts";
import { shopSpec, shopYaml, startWorld, type World } from "./fixture/world.ts";

const bin = join(import.meta.dirname, "..", "bin", "quiesce.js");
/** `script` of util-linux runs a command on a terminal of its own. */
const canScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;

let world: World;
beforeAll(async () => {
  world = await startWorld(shopSpec());
  await world.write("shop.yaml", shopYaml(world.uri));
});
afterAll(() => world[Symbol.asyncDispose]());

interface Typed {
  readonly after: string;
  readonly keys: string;
}

/** Runs the command on a terminal of 100 columns, types when it sees a text, and gives its screen as it was written. */
const onTerminal = async (args: readonly string[], typed: readonly Typed[] = []) => {
  const command = [process.execPath, bin, ...args].map(shellWord).join(" ");
  const child = spawn("script", ["-qec", `stty cols 100 rows 30; exec ${command}`, "/dev/null"], {
    cwd: world.dir,
    env: { PATH: process.env["PATH"], HOME: world.dir, TZ: "UTC", TERM: "xterm", QUIESCE_STATE_DIR: world.stateDir },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  const left = [...typed];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    if (left[0] !== undefined && screen.includes(left[0].after)) child.stdin.write(left.shift()?.keys ?? "");
  });
  const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(late);
  return { code, screen };
};

const backup = (name: string, ...more: readonly string[]) => [
  "backup",
  "shop.yaml",
  "--name",
  name,
  "--kind",
  "snapshot",
  ...more,
];

test.skipIf(!canScript)(
  "a terminal shows each freeze with its clock against the deadline, and is left clean",
  async () => {
    await world.sim.control.ask("configure", { set: { delays: { captureMs: 1500 } } });
    const { code, screen } = await onTerminal(backup("live", "--freeze-deadline", "20s"));
    await world.sim.control.ask("configure", { set: { delays: { captureMs: 0 } } });
    expect(code).toBe(0);
    expect(screen).toMatch(/\[#*\.+\] db frozen 1\.\d s of at most 20 s/);
    expect(screen).toMatch(/\[#*\.+\] web frozen 1\.\d s of at most 20 s/);
    expect(screen).toMatch(/backup of shop \(live\): \d of \d+ steps/);
    // The cursor comes back, and the result stands below what moved.
    expect(screen.lastIndexOf("\u001b[?25h")).toBeGreaterThan(screen.lastIndexOf("\u001b[?25l"));
    expect(screen.lastIndexOf("\u001b[?25h")).toBeLessThan(screen.indexOf("(snapshot) of shop: "));
  },
);

test.skipIf(!canScript)("without colour the words say the same", async () => {
  const { code, screen } = await onTerminal(backup("plain", "--no-color"));
  expect(code).toBe(0);
  expect(screen.replaceAll("\u001b[", "<csi>")).not.toMatch(/<csi>[0-9;]*m/);
  expect(screen).toContain("succeeded");
});

test.skipIf(!canScript)(
  "an overwriting restore asks for the deployment's name; another name does nothing",
  async () => {
    await world.run(backup("asked"));
    const restore = ["restore", "shop.yaml", "--name", "asked"];
    const prompt = "Type the deployment's name";
    const before = await world.sim.control.ask("mutations");
    const declined = await onTerminal(restore, [{ after: prompt, keys: "shep\r" }]);
    expect([declined.code, declined.screen]).toEqual([7, expect.stringContaining("Not confirmed; nothing was done.")]);
    const left = await onTerminal(restore, [{ after: prompt, keys: "\u0003" }]);
    expect([left.code, left.screen]).toEqual([130, expect.stringContaining("Stopped before anything was changed.")]);
    expect(await world.sim.control.ask("mutations")).toEqual(before);
    const agreed = await onTerminal(restore, [{ after: prompt, keys: "shop\r" }]);
    expect(agreed.code).toBe(0);
  },
);

test.skipIf(!canScript)("a removal asks y or N", async () => {
  await world.run(backup("gone"));
  const remove = ["remove-backup", "shop.yaml", "--name", "gone"];
  expect((await onTerminal(remove, [{ after: "Remove it?", keys: "n" }])).code).toBe(7);
  expect((await onTerminal(remove, [{ after: "Remove it?", keys: "y" }])).code).toBe(0);
});

test.skipIf(!canScript)("a recovery asks what becomes of each run, after its debts were paid", async () => {
  const run = await killedWhileFrozen(world, backup("dead"));
  await world.sim.control.ask("configure", { set: { delays: { captureMs: 0 } } });
  const prompt = `What becomes of backup dead (snapshot) of shop, run ${run}?`;
  const left = await onTerminal(["recover"], [{ after: prompt, keys: "\u0003" }]);
  expect([left.code, left.screen]).toEqual([130, expect.stringContaining("left as it is: stopped")]);
  expect(await world.sim.control.ask("frozen")).toEqual([]);
  // The second answer of the list.
  const takenBack = await onTerminal(["recover"], [{ after: prompt, keys: "j\r" }]);
  expect([takenBack.code, takenBack.screen]).toEqual([0, expect.stringContaining("what it did was taken back")]);
});
