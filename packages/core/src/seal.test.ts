import { expect, test } from "vitest";
import { isSealed, makePlan, seal } from "./seal.ts";
import { planned } from "../test/plan/planned.ts";
import { deployment, facts, instance, options } from "../test/plan/world.ts";

const shop = deployment(
  instance("web", { depends_on: ["db"] }),
  instance("db", { properties: { "10": 1, "9": "ü\n" } }),
);

test("a plan keeps its digest when it is written as JSON and read again", () => {
  const sealed = seal(planned("backup", shop));
  expect(isSealed(JSON.parse(JSON.stringify(sealed, null, 2)))).toBe(true);
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
