import { expect, test } from "vitest";
import { planned } from "../../test/plan/planned.ts";
import { deployment, facts, instance, survey } from "../../test/plan/world.ts";
import { planMermaid } from "./plan-mermaid.ts";
import { planTree } from "./plan-tree.ts";

test("control characters of a provider's name do not reach the terminal", () => {
  const shop = deployment(instance("db", {}));
  const evil = facts(shop, [survey("db", { providerId: 'x\u001b[31m"]\r\n', notes: ["see\u0007"] })]);
  const body = planned("suspend", shop, evil);
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  expect(planTree(body)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(planMermaid(body)).toContain('step1["Suspend db (x [31m#quot;]  )"]');
});

test("a plan without stages says so, and why", () => {
  const tree = planTree(planned("resume", deployment(instance("db", {}))));
  expect(tree).toBe(
    "resume · shop\nnothing to do\nnot done\n   db resume: nothing to do, it was not suspended by us\n",
  );
});

test("what does not apply is listed on request only", () => {
  const shop = deployment(instance("db", {}), instance("job", { kind: "other" }));
  const body = planned("suspend", shop);
  expect(planTree(body)).not.toContain("job");
  expect(planTree(body, { explain: true })).toContain("job suspend: not applicable, nothing is bound to suspend");
});

test("a note names its instance", () => {
  const shop = deployment(instance("db", {}));
  const body = planned("suspend", shop, facts(shop, [survey("db", { notes: ["a managed save is there"] })]));
  expect(planTree(body)).toContain("   db: a managed save is there\n");
});
