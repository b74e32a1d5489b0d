import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isQuiesceError, type Problem } from "@quiesce/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSettings, type SettingSources } from "./load-settings.ts";

let root = "";

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "quiesce-config-")));
  await mkdir(join(root, "work"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
};

const load = (given: Partial<SettingSources> = {}) =>
  loadSettings({
    flags: {},
    profile: undefined,
    cwd: join(root, "work"),
    ...given,
    env: { HOME: root, XDG_CONFIG_HOME: join(root, "xdg"), ...given.env },
  });

const problemsOf = async (loading: Promise<unknown>): Promise<readonly Problem[]> => {
  try {
    await loading;
  } catch (thrown) {
    if (isQuiesceError(thrown)) return thrown.problems;
    throw thrown;
  }
  throw new Error("It loaded.");
};

test("without any source the defaults hold", async () => {
  const { settings } = await load();
  expect(settings).toEqual({
    stateDir: join(root, ".local/state/quiesce"),
    compress: "none",
    kind: "backup",
    consistency: "deployment",
    quiesce: "auto",
    freezeDeadlineMs: 30_000,
  });
});

test("flag over environment over project over user; each says where it comes from", async () => {
  await write("xdg/quiesce/config.yaml", "kind: snapshot\nquiesce: try\nfreeze_deadline: 1s\ntimeout: 1h\n");
  await write("work/quiesce.yaml", "kind: backup\nconsistency: instance\nfreeze_deadline: 2s\ntimeout: 2h\n");
  const { settings, origins } = await load({
    flags: { timeoutMs: "4h" },
    env: { QUIESCE_TIMEOUT: "3h", QUIESCE_FREEZE_DEADLINE: "3s" },
  });
  expect(settings).toMatchObject({
    kind: "backup",
    quiesce: "try",
    consistency: "instance",
    freezeDeadlineMs: 3000,
    timeoutMs: 14_400_000,
  });
  expect(Object.fromEntries(origins.map(({ key, from }) => [key, from]))).toEqual({
    repository: "default",
    compress: "default",
    state_dir: "default",
    kind: join(root, "work/quiesce.yaml"),
    consistency: join(root, "work/quiesce.yaml"),
    quiesce: join(root, "xdg/quiesce/config.yaml"),
    freeze_deadline: "QUIESCE_FREEZE_DEADLINE",
    timeout: "--timeout",
  });
});

test("the state folder: XDG, relative to the file that names it, a relative XDG value does not count", async () => {
  expect((await load({ env: { XDG_STATE_HOME: "/var/state" } })).settings.stateDir).toBe("/var/state/quiesce");
  expect((await load({ env: { XDG_STATE_HOME: "state" } })).settings.stateDir).toBe(join(root, ".local/state/quiesce"));
  await write("xdg/quiesce/config.yaml", "state_dir: here\n");
  expect((await load()).settings.stateDir).toBe(join(root, "xdg/quiesce/here"));
  expect((await load({ env: { QUIESCE_STATE_DIR: "there" } })).settings.stateDir).toBe(join(root, "work/there"));
});

test("a profile wins over the plain values of its file, and is chosen by flag, environment or file", async () => {
  await write(
    "xdg/quiesce/config.yaml",
    "profile: a\nkind: backup\nprofiles:\n  a: {kind: snapshot}\n  b: {quiesce: off}\n",
  );
  expect((await load()).settings.kind).toBe("snapshot");
  const b = await load({ env: { QUIESCE_PROFILE: "b" } });
  expect([b.settings.kind, b.settings.quiesce]).toEqual(["backup", "off"]);
  expect((await load({ profile: "b", env: { QUIESCE_PROFILE: "a" } })).profile).toBe("b");
  expect(await problemsOf(load({ profile: "c" }))).toMatchObject([
    { message: 'There is no profile "c".', hint: "Profiles: a, b." },
  ]);
});

test("all that is wrong with the files comes at once, with its place", async () => {
  await write("xdg/quiesce/config.yaml", "knd: snapshot\nfreeze_deadline: soon\nprofiles:\n  a:\n    tiemout: 1h\n");
  const file = join(root, "xdg/quiesce/config.yaml");
  expect(await problemsOf(load())).toMatchObject([
    { message: 'There is no setting "knd".', hint: "Did you mean kind?", at: { file, line: 1, column: 1 } },
    { message: 'There is no setting "tiemout".', hint: "Did you mean timeout?", at: { file, line: 5, column: 5 } },
    { message: `${file}: "soon" is not a duration such as 30s.`, at: { file, line: 2, column: 1 } },
  ]);
});

test("broken YAML is one clear problem", async () => {
  await write("work/quiesce.yaml", "kind: [\n");
  const [problem] = await problemsOf(load());
  expect(problem?.at).toMatchObject({ file: join(root, "work/quiesce.yaml"), line: 2 });
});

test("a deployment file that is called quiesce.yaml is no configuration", async () => {
  await write("work/quiesce.yaml", "quiesce: 1\nname: shop\ninstances: {}\n");
  const { files } = await load();
  expect(files).toMatchObject([{ file: join(root, "work/quiesce.yaml"), ignored: "it is a deployment file" }]);
});
