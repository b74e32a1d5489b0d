import { describe, expect, test } from "vitest";
import type { Instance } from "../model/deployment.ts";
import { asId } from "../model/id.ts";
import type { Restriction } from "../capability/capability.ts";
import { bypassed } from "../capability/declare.ts";
import { hypervisor } from "../../test/plan/matrix.ts";
import { codesOf, keysOf, notesOf, planned, refused, stepOf } from "../../test/plan/planned.ts";
import { call, deployment, facts, instance, service, survey } from "../../test/plan/world.ts";

const db = (fields: Partial<Instance> = {}) => deployment({ ...instance("db", {}), ...fields });
const lowered = (mode: Restriction["mode"]) =>
  survey("db", {
    lowered: [
      {
        cell: { kind: "vm", operation: "freeze" },
        mode,
        reason: "the guest agent does not answer.",
        fix: "Install it",
      },
    ],
  });
const inCloud = { provider: asId<never>("cl") };

test("a freeze owes a thaw, and exactly one step pays it", () => {
  const body = planned("backup", db(), facts(db(), [survey("db", { maxFreezeMs: 10_000 })]));
  const freeze = stepOf(body, "freeze/db");
  expect(freeze).toMatchObject({
    does: "cell",
    onFailure: "run",
    retry: { attempts: 1 },
    owes: {
      key: "frozen:freeze/db",
      harm: "frozen",
      dueInMs: 10_000,
      pay: { provider: "hv", operation: "thaw", input: { setClock: false } },
    },
    input: { guestTimerMs: 10_000 },
  });
  expect(stepOf(body, "thaw/db")).toMatchObject({
    does: "pay",
    debt: "frozen:freeze/db",
    reads: { froze: "freeze/db" },
    onFailure: "unit",
    retry: { attempts: 5 },
  });
});

test("the freeze deadline bounds a guest that bears more, or says nothing", () => {
  const due = (maxFreezeMs: number | undefined) =>
    stepOf(
      planned("backup", db(), facts(db(), [survey("db", maxFreezeMs === undefined ? {} : { maxFreezeMs })]), {
        freezeDeadlineMs: 5000,
      }),
      "freeze/db",
    );
  expect(due(60_000)).toMatchObject({ owes: { dueInMs: 5000 } });
  expect(due(undefined)).toMatchObject({ owes: { dueInMs: 5000 } });
});

describe.each([
  ["auto", "run", "unit"],
  ["required", "run", "unit"],
  ["try", "note", "note"],
] as const)("quiesce %s", (quiesce, together, alone) => {
  test("says what a failed freeze ends", () => {
    const onFailure = (scope: "deployment" | "instance") =>
      stepOf(planned("backup", db(), facts(db()), { quiesce, scope }), "freeze/db").onFailure;
    expect([onFailure("deployment"), onFailure("instance")]).toEqual([together, alone]);
  });

  test("freezes no machine that is off", () => {
    const body = planned("backup", db(), facts(db(), [lowered("not-applicable")]), { quiesce });
    expect(keysOf(body)).toEqual(["backup.create/db", "complete/db"]);
    expect(body.omitted).toMatchObject([{ operation: "freeze", why: "absent" }]);
  });
});

test.each(["auto", "required"] as const)(
  "%s refuses a machine that merely lacks its agent, with the fix",
  (quiesce) => {
    const problems = refused("backup", db(), facts(db(), [lowered("no-api")]), { quiesce });
    expect(codesOf(problems)).toEqual(["consistency-unreachable"]);
    expect(problems[0]?.message).toContain("the guest agent does not answer");
    expect(problems[0]?.hint).toMatch(/^Install it\. /);
  },
);

test("auto refuses too when the whole connection lost the freeze that the provider declares", () => {
  const restrictions = {
    hv: [{ cell: { kind: "vm", operation: "freeze" }, mode: "no-api", reason: "no right" }],
  } as const;
  const known = facts(db(), [], { restrictions });
  expect(codesOf(refused("backup", db(), known))).toEqual(["consistency-unreachable"]);
});

test("try takes it as it is and says so", () => {
  const body = planned("backup", db(), facts(db(), [lowered("no-api")]), { quiesce: "try" });
  expect(keysOf(body)).not.toContain("freeze/db");
  expect(notesOf(body)).toContain("db will be crash-consistent: the guest agent does not answer.");
});

test("auto says crash-consistent where the provider has no freeze; required refuses", () => {
  const cloudy = db(inCloud);
  const known = facts(cloudy);
  const body = planned("backup", cloudy, known);
  expect(notesOf(body)).toContain("db will be crash-consistent");
  expect(body.omitted).toMatchObject([{ instance: "db", operation: "freeze", why: "absent" }]);
  expect(codesOf(refused("backup", cloudy, known, { quiesce: "required" }))).toEqual(["consistency-unreachable"]);
});

test("the wish of an instance goes before that of the run", () => {
  const shop = deployment({ ...instance("db", {}), quiesce: "off" }, instance("web", {}));
  const body = planned("backup", shop);
  expect(keysOf(body)).toContain("freeze/web");
  expect(keysOf(body)).not.toContain("freeze/db");
  expect(body.omitted).toMatchObject([{ instance: "db", operation: "freeze", why: "allowed", mode: "supported" }]);
});

test("off freezes nothing, bound or not", () => {
  const shop = deployment(instance("db", {}), service("pg", "db"));
  const body = planned("backup", shop, facts(shop), { quiesce: "off" });
  expect(keysOf(body)).toEqual(["backup.create/db", "complete/db"]);
});

test("skip leaves the freeze out, with the reason", () => {
  const body = planned("backup", db({ skip: ["freeze"] }));
  expect(keysOf(body)).not.toContain("freeze/db");
  expect(body.omitted).toMatchObject([
    { operation: "freeze", why: "allowed", reason: "the deployment skips freeze of db" },
  ]);
});

test("a bound freeze without a bound thaw is a problem, whatever is asked", () => {
  const half = db({ bound: { freeze: [call("stop")] } });
  for (const quiesce of ["auto", "required", "try"] as const)
    expect(codesOf(refused("backup", half, facts(half), { quiesce }))).toEqual(["freeze-without-thaw"]);
});

test("a provider's freeze whose thaw is not possible is a problem", () => {
  const noThaw = survey("db", {
    lowered: [{ cell: { kind: "vm", operation: "thaw" }, mode: "no-api", reason: "no right" }],
  });
  expect(codesOf(refused("backup", db(), facts(db(), [noThaw])))).toEqual(["freeze-without-thaw"]);
});

test("each bound freeze is undone by the thaw of the same place, the last one first", () => {
  const twice = db({ bound: { freeze: [call("stop-a"), call("stop-b")], thaw: [call("start-a"), call("start-b")] } });
  const body = planned("backup", twice, facts(twice), { parameters: { depth: 1 } });
  expect(keysOf(body)).toEqual(["freeze/db", "freeze.2/db", "backup.create/db", "thaw.2/db", "thaw/db", "complete/db"]);
  expect(stepOf(body, "freeze.2/db")).toMatchObject({
    does: "call",
    call: call("stop-b"),
    account: "runner:script",
    input: { operation: "freeze", parameters: { depth: 1 }, guestTimerMs: 30_000 },
    owes: { pay: { call: call("start-b"), input: { operation: "thaw", parameters: { depth: 1 } } } },
  });
});

test("a bound thaw undoes the provider's freeze", () => {
  const mixed = db({ bound: { thaw: [call("start")] } });
  const body = planned("backup", mixed);
  expect(stepOf(body, "freeze/db")).toMatchObject({ does: "cell", owes: { pay: { call: call("start") } } });
});

test("a binding whose runner is not installed is a problem", () => {
  const known = facts(db(), [], { runners: [] });
  const shop = deployment(instance("db", {}), service("pg", "db"));
  const problems = refused("backup", shop, { ...known, surveys: facts(shop).surveys });
  expect(codesOf(problems)).toEqual(["unknown-runner", "unknown-runner"]);
});

test("a unit of which nothing is captured is left alone", () => {
  const shop = deployment(instance("db", { skip: ["backup.create"] }), instance("web", {}));
  const body = planned("backup", shop);
  expect(keysOf(body)).not.toContain("freeze/db");
  expect(body.omitted).toMatchObject([
    { instance: "db", operation: "backup.create", why: "allowed" },
    { instance: "db", operation: "freeze", why: "nothing-to-do" },
  ]);
});

test("a freeze that the capture itself does needs no step of its own, when that capture is in the plan", () => {
  const freeze = bypassed("0.1.0", { kind: "vm", operation: "snapshot.create" }, "the snapshot is taken quiesced");
  const matrices = { hv: { ...hypervisor, vm: { ...hypervisor.vm, freeze } } };
  const known = facts(db(), [], { matrices });
  const body = planned("backup", db(), known, { kind: "snapshot", quiesce: "required" });
  expect(keysOf(body)).toEqual(["snapshot.create/db", "complete/db"]);
  expect(body.omitted).toMatchObject([{ operation: "freeze", mode: "bypassed", why: "nothing-to-do" }]);
  expect(codesOf(refused("backup", db(), known, { kind: "backup", quiesce: "required" }))).toEqual([
    "consistency-unreachable",
  ]);
  const dumped = db({ bound: { "snapshot.create": [call("dump")] } });
  const byScript = facts(dumped, [], { matrices });
  expect(codesOf(refused("backup", dumped, byScript, { kind: "snapshot", quiesce: "required" }))).toEqual([
    "consistency-unreachable",
  ]);
});
