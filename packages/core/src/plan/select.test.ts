import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, keysOf, planned, refused } from "../../test/plan/planned.ts";
import { deployment, facts, instance } from "../../test/plan/world.ts";

const shop = deployment(instance("web", {}), instance("db", {}));
const ids = (...names: readonly string[]) => names.map((name) => asId<never>(name));

test("an unknown name is a problem that names the known ones near it", () => {
  const [problem] = refused("suspend", shop, facts(shop), { include: ids("wbe") });
  expect(problem).toMatchObject({ code: "unknown-instance", hint: "Did you mean web?" });
});

test("an unknown name without a neighbour lists what there is", () => {
  const problems = refused("suspend", shop, facts(shop), { exclude: ids("nothing-like-it") });
  expect(problems).toMatchObject([{ code: "unknown-instance", hint: "Known are db, web." }]);
});

test("an empty selection is a problem", () => {
  expect(codesOf(refused("suspend", shop, facts(shop), { exclude: ids("web", "db") }))).toEqual(["empty-selection"]);
  expect(codesOf(refused("suspend", shop, facts(shop), { include: [] }))).toEqual(["empty-selection"]);
  expect(codesOf(refused("suspend", deployment()))).toEqual(["empty-selection"]);
});

test("exclude wins over include", () => {
  const body = planned("suspend", shop, facts(shop), { include: ids("web", "db"), exclude: ids("db") });
  expect(keysOf(body)).toEqual(["suspend/web"]);
});

test("every problem is given at once", () => {
  const problems = refused("backup", shop, facts(shop), { include: ids("wbe"), name: "a/b", freezeDeadlineMs: 0 });
  expect(codesOf(problems)).toEqual(["config-invalid", "config-invalid", "unknown-instance"]);
});

test("many unknown names are compared with the known ones only so often", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `unknown-instance-with-a-long-name-${index}`);
  const large = deployment(
    ...Array.from({ length: 10_000 }, (_, index) => instance(`instance-with-a-long-name-${index}`, {})),
  );
  const started = performance.now();
  expect(refused("suspend", large, facts(large), { include: ids(...many) })).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(5000);
});
