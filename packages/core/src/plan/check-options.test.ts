import { expect, test } from "vitest";
import { refused, planned } from "../../test/plan/planned.ts";
import { deployment, facts, instance, options } from "../../test/plan/world.ts";

const shop = deployment(instance("db", {}));

test.each(["", ".", "..", "a/b", "../x", "a\\b", "a\nb", "a\u0000", "\u001b[31m", "x".repeat(201)])(
  "a backup cannot be called %j",
  (name) => {
    expect(refused("backup", shop, facts(shop), { name })).toMatchObject([{ code: "config-invalid" }]);
  },
);

test.each(["nightly", "2026-01-02 03:04", "größer", "a.b-c_d"])("a backup may be called %j", (name) => {
  expect(planned("backup", shop, facts(shop), { name }).backup?.name).toBe(name);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  "a freeze deadline of %d ms is refused",
  (freezeDeadlineMs) => {
    const problem = refused("backup", shop, facts(shop), { freezeDeadlineMs })[0];
    expect(problem?.code).toBe("config-invalid");
    expect(problem?.message).toContain("freeze deadline");
  },
);

test("a time-out that is no duration is refused by its name", () => {
  const timeoutMs = { ...options().timeoutMs, thaw: 0 };
  const problem = refused("suspend", shop, facts(shop), { timeoutMs })[0];
  expect(problem?.message).toContain("time-out of thaw");
});
