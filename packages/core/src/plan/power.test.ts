import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import type { Restriction } from "../capability/capability.ts";
import { codesOf, keysOf, planned, refused, shapeOf, stepOf } from "../../test/plan/planned.ts";
import { call, deployment, facts, instance, suspended, survey } from "../../test/plan/world.ts";

const app = instance("app", {
  kind: "other",
  contained_in: "db",
  bound: { suspend: [call("old"), call("new")], resume: [call("start")] },
});
const shop = deployment(
  instance("db", {}),
  app,
  instance("data", { kind: "volume" }),
  instance("lan", { kind: "network" }),
);
const lowered = (mode: Restriction["mode"]) =>
  survey("db", { lowered: [{ cell: { kind: "vm", operation: "suspend" }, mode, reason: "why", fix: "Do this." }] });

test("bound services are suspended before machines, every call in order; volumes and networks take no part", () => {
  const body = planned("suspend", shop);
  expect(shapeOf(body)).toEqual([
    "suspend services: db[suspend/app, suspend.2/app]",
    "suspend machines: db[suspend/db]",
  ]);
  expect(body.omitted).toEqual([]);
  expect(body.backup).toBeUndefined();
});

test("volumes need no survey to be suspended around", () => {
  const { db } = facts(shop).surveys as Record<string, ReturnType<typeof survey>>;
  expect(keysOf(planned("suspend", shop, { ...facts(shop), surveys: { db } as never }))).toContain("suspend/db");
});

test("what an earlier suspend recorded stays the state to go back to", () => {
  expect(stepOf(planned("suspend", shop, facts(shop, [], { suspended: suspended("db") })), "suspend/db")).toMatchObject(
    {
      input: { prior: { power: "running" } },
      risk: "disruptive",
    },
  );
  expect(stepOf(planned("suspend", shop), "suspend/db").input).toEqual({});
});

test("a machine that cannot be suspended is refused with its fix, or left out with allow-skip", () => {
  const known = facts(shop, [lowered("no-api")]);
  expect(refused("suspend", shop, known)).toMatchObject([{ code: "unsupported", instance: "db", hint: "Do this." }]);
  expect(planned("suspend", shop, known, { allowSkip: true }).omitted).toMatchObject([
    { instance: "db", why: "allowed" },
  ]);
});

test("a machine that is off is absent from a suspend", () => {
  const body = planned("suspend", shop, facts(shop, [lowered("not-applicable")]));
  expect(body.omitted).toMatchObject([{ instance: "db", operation: "suspend", why: "absent", reason: "why" }]);
});

test("only volumes and networks: nothing would be suspended", () => {
  expect(codesOf(refused("suspend", shop, facts(shop), { include: [asId("data"), asId("lan")] }))).toEqual([
    "empty-selection",
  ]);
});

test("resume puts back only what we suspended, machines before services", () => {
  const two = deployment(instance("db", {}), instance("web", {}), app);
  const body = planned("resume", two, facts(two, [], { suspended: suspended("db", "app") }));
  expect(shapeOf(body)).toEqual(["resume machines: db[resume/db]", "resume services: db[resume/app]"]);
  expect(stepOf(body, "resume/db").input).toEqual({ prior: { power: "running" } });
  expect(body.omitted).toMatchObject([{ instance: "web", why: "nothing-to-do", reason: "it was not suspended by us" }]);
});

test("a resume with nothing to resume is a plan without stages, and says why", () => {
  const body = planned("resume", shop);
  expect(body.stages).toEqual([]);
  expect(body.omitted.map(({ instance }) => instance)).toEqual(["app", "db"]);
});

test("an instance that no survey could take is a problem: missing, ambiguous, never looked at", () => {
  const known = facts(shop);
  const gone = (unsurveyed: object) =>
    refused("suspend", shop, { ...known, surveys: {}, unsurveyed: unsurveyed as never });
  expect(gone({ db: { instance: "db", is: "missing", reason: "no such domain", ids: [] } })[0]).toMatchObject({
    code: "not-found",
  });
  const [twice] = gone({ db: { instance: "db", is: "ambiguous", reason: "Two match", ids: ["u1", "u2"] } });
  expect(twice).toMatchObject({ code: "ambiguous" });
  expect(twice?.message).toContain("u1, u2");
  expect(gone({})[0]).toMatchObject({ code: "not-found" });
});

test("an instance whose provider has no table is a problem that names the provider", () => {
  const problems = refused("suspend", shop, { ...facts(shop), matrices: {} });
  expect(problems).toMatchObject([{ code: "unknown-plugin", instance: "db" }]);
  expect(problems[0]?.message).toContain("provider hv");
});
