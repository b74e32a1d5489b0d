import { expect, test } from "vitest";
import { canonicalJson, isSealed, makePlan, seal } from "./seal.ts";
import { planned } from "../test/plan/planned.ts";
import { deployment, facts, instance, options } from "../test/plan/world.ts";

const shop = deployment(instance("web", { depends_on: ["db"] }), instance("db", {}));

test("a plan keeps its digest over JSON, whatever the order of the keys", () => {
  const sealed = seal(planned("backup", shop));
  const read: typeof sealed = JSON.parse(JSON.stringify(sealed));
  expect(isSealed(read)).toBe(true);
  const turned = Object.fromEntries(Object.entries(read).toReversed()) as unknown as typeof sealed;
  expect(isSealed(turned)).toBe(true);
});

test("any change of a plan breaks its seal", () => {
  const sealed = seal(planned("backup", shop));
  expect(isSealed({ ...sealed, scope: "instance" })).toBe(false);
  expect(isSealed({ ...sealed, stages: sealed.stages.slice(1) })).toBe(false);
});

test("makePlan gives all problems or a sealed plan", () => {
  const made = makePlan("backup", shop, facts(shop), options());
  expect(made.ok && isSealed(made.value)).toBe(true);
  expect(makePlan("backup", shop, facts(shop), options({ name: "" })).ok).toBe(false);
});

test("canonical JSON sorts keys, leaves out what is undefined, and keeps lists in order", () => {
  expect(canonicalJson({ b: [2, 1, undefined], a: { d: null, c: undefined, "10": 1, "9": "ü\n" } })).toBe(
    '{"a":{"10":1,"9":"ü\\n","d":null},"b":[2,1,null]}',
  );
  expect(canonicalJson(undefined)).toBe("null");
});
