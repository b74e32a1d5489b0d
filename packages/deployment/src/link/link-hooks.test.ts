import { asId, defaultOptions, makePlan, stepsOf, type InstanceId } from "@quiesce/core";
import { expect, test } from "vitest";
import { withInstances } from "../../test/problem-lines.ts";
import { readDeployment, type ReadDeployment, type ScriptCall, type TerminalCall } from "../index.ts";

const read = async (hooks: string): Promise<ReadDeployment> => {
  const result = await readDeployment({ text: withInstances(hooks), file: "/d/quiesce.yaml" });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, undefined, 2));
  return result.value;
};

const boundOf = async (hooks: string, instance: string) =>
  Object.entries((await read(hooks)).deployment.instances).find(([id]) => id === instance)?.[1].bound;

const overSsh = `hooks:
  pg:
    on: pg
    ssh: { host: 10.0.0.5, user: qz, key: { file: k }, known_hosts: kh }
    self_thaw: 30s
    freeze: { run: [sudo, fsfreeze, -f, /data], timeout: 5s }
    thaw: { run: [sudo, fsfreeze, -u, /data] }
    status: { run: [/opt/frozen] }`;

test("binds a hook over SSH to the runner terminal, with its own timer in the guest", async () => {
  const ssh = { host: "10.0.0.5", user: "qz", key: { file: "/d/k" }, known_hosts: "/d/kh" };
  const status = { run: ["/opt/frozen"] } as const;
  const freeze: TerminalCall = {
    action: "run",
    run: ["sudo", "fsfreeze", "-f", "/data"],
    timeoutMs: 5_000,
    status,
    selfThaw: { afterMs: 30_000, run: ["sudo", "fsfreeze", "-u", "/data"] },
    ssh,
  };
  const thaw: TerminalCall = { action: "run", run: ["sudo", "fsfreeze", "-u", "/data"], status, ssh };
  expect(await boundOf(overSsh, "pg")).toEqual({
    freeze: [{ runner: "terminal", name: "pg", with: freeze }],
    thaw: [{ runner: "terminal", name: "pg", with: thaw }],
  });
  expect((await read(overSsh)).secrets).toEqual([{ path: "hooks.pg.ssh.key", reference: { file: "/d/k" } }]);
});

const held = `hooks:
  sql: { on: db, local: true, hold: true, freeze: { run: [./lock, --all] } }`;

test("a hold freezes with its command and thaws by releasing it", async () => {
  const freeze: ScriptCall = { action: "hold", hold: "sql", run: ["/d/lock", "--all"], cwd: "/d" };
  const thaw: ScriptCall = { action: "release", hold: "sql", cwd: "/d" };
  expect(await boundOf(held, "db")).toEqual({
    freeze: [{ runner: "script", name: "sql", with: freeze }],
    thaw: [{ runner: "script", name: "sql", with: thaw }],
  });
});

test("says that a freezing hook of a machine takes the place of the guest agent", async () => {
  const { notes } = await read(held);
  expect(notes).toHaveLength(1);
  expect(notes[0]?.about).toBe("db");
  expect(notes[0]?.message).toContain("the guest agent is not asked to freeze");
  expect((await read(overSsh)).notes).toEqual([]);
});

test("several hooks of one instance resume in the reverse order of their suspends", async () => {
  const hook = (name: string) => `  ${name}: { on: pg, local: true, suspend: { run: [s] }, resume: { run: [r] } }`;
  const bound = await boundOf(`hooks:\n${hook("a")}\n${hook("b")}\n${hook("c")}`, "pg");
  expect(bound?.suspend?.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(bound?.resume?.map(({ name }) => name)).toEqual(["c", "b", "a"]);
});

test("in a plan, each of several freezing hooks is undone by its own thaw, the last one first", async () => {
  const { deployment } = await read(`hooks:
  a: { on: pg, local: true, freeze: { run: [freeze-a] }, thaw: { run: [thaw-a] } }
  b: { on: pg, local: true, hold: true, freeze: { run: [hold-b] } }
  dump: { on: pg, local: true, snapshot.create: { run: [dump] } }`);
  const facts = {
    matrices: {},
    restrictions: {},
    surveys: {},
    unsurveyed: {},
    limits: {},
    suspended: {},
    runners: ["script"],
  };
  const options = { ...defaultOptions, name: "n", kind: "snapshot", include: [asId<InstanceId>("pg")] } as const;
  const plan = makePlan("backup", deployment, facts, options);
  const steps = plan.ok ? stepsOf(plan.value) : [];
  const calls = steps.map((step) => {
    if (step.does === "pay") return ["pay", step.debt];
    const owed = "owes" in step ? step.owes?.pay.call?.name : undefined;
    return step.does === "call" ? [step.operation, step.call.name, owed] : [step.does];
  });
  expect(calls.slice(0, 3)).toEqual([
    ["freeze", "a", "a"],
    ["freeze", "b", "b"],
    ["snapshot.create", "dump", undefined],
  ]);
  const debts = steps.flatMap((step) => ("owes" in step && step.owes !== undefined ? [step.owes.key] : []));
  expect(steps.flatMap((step) => (step.does === "pay" ? [step.debt] : []))).toEqual(debts.toReversed());
});

test("binds the other operations as well, and a program without a slash stays a name", async () => {
  const bound = await boundOf(`hooks: { v: { on: data, local: true, snapshot.create: { run: [snap, ./x] } } }`, "data");
  expect(bound).toEqual({
    "snapshot.create": [{ runner: "script", name: "v", with: { action: "run", run: ["snap", "./x"], cwd: "/d" } }],
  });
});
