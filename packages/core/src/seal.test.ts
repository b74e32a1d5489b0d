import { expect, test } from "vitest";
import { isSealed, makePlan, seal } from "./seal.ts";
import { planned } from "../test/plan/planned.ts";
import { deployment, facts, instance, options } from "../test/plan/world.ts";

const shop = deployment(instance("web", { depends_on: ["db"] }), instance("db", {}));

test("a plan keeps its digest over JSON", () => {
  const sealed = seal(planned("backup", shop));
  const read: typeof sealed = JSON.parse(JSON.stringify(sealed));
  expect(isSealed(read)).toBe(true);
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
