import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { codesOf, keysOf, planned, refused } from "../../test/plan/planned.ts";
import { deployment, facts, instance, survey } from "../../test/plan/world.ts";

const names = ["a", "b", "c", "d"];
const four = deployment(...names.map((id) => instance(id, {})));
const slow = (captureMs: number, maxFreezeMs?: number) =>
  names.map((id) =>
    survey(id, {
      estimate: { freezeMs: 100, captureMs, thawMs: 100 },
      ...(maxFreezeMs === undefined ? {} : { maxFreezeMs }),
    }),
  );
const limit = (parallel: number) => ({ limits: { [asId<never>("hv-account")]: parallel } });

test("a window that fits is planned", () => {
  expect(keysOf(planned("backup", four, facts(four, slow(9000), limit(4)), { freezeDeadlineMs: 10_000 }))).toContain(
    "backup.create/a",
  );
});

test("calls that wait for each other at an account's limit make the window longer", () => {
  const problems = refused("backup", four, facts(four, slow(9000), limit(2)), { freezeDeadlineMs: 10_000 });
  expect(codesOf(problems)).toEqual(["window-too-long"]);
  expect(problems[0]?.message).toContain("18.3 s");
  expect(problems[0]?.hint).toContain("--consistency instance");
});

test("the guest that bears least decides, by its name", () => {
  const known = facts(
    four,
    [...slow(1000), survey("c", { maxFreezeMs: 500, estimate: { captureMs: 1000 } })],
    limit(4),
  );
  const [problem] = refused("backup", four, known);
  expect(problem?.message).toContain("c bears a freeze of 0.5 s only");
});

test("instance scope is offered only where it would help", () => {
  const [problem] = refused("backup", four, facts(four, slow(20_000), limit(1)), { freezeDeadlineMs: 10_000 });
  expect(problem?.hint).toContain("Not even a single unit fits");
});

test("in instance scope each unit counts by itself", () => {
  expect(
    keysOf(planned("backup", four, facts(four, slow(9000), limit(1)), { freezeDeadlineMs: 10_000, scope: "instance" })),
  ).toContain("backup.create/a");
  const problems = refused("backup", four, facts(four, slow(11_000), limit(1)), {
    freezeDeadlineMs: 10_000,
    scope: "instance",
  });
  expect(codesOf(problems)).toEqual(names.map(() => "window-too-long"));
});

test("levels add up: the first one frozen waits for all", () => {
  const tiers = deployment(
    instance("a", {}),
    instance("b", { depends_on: ["a"] }),
    instance("c", { depends_on: ["b"] }),
  );
  const known = facts(
    tiers,
    ["a", "b", "c"].map((id) => survey(id, { estimate: { freezeMs: 1000, thawMs: 1000 } })),
  );
  expect(keysOf(planned("backup", tiers, known, { freezeDeadlineMs: 6000 }))).toContain("backup.create/a");
  expect(codesOf(refused("backup", tiers, known, { freezeDeadlineMs: 5999 }))).toEqual(["window-too-long"]);
});

test("what nobody knows counts as nothing", () => {
  expect(keysOf(planned("backup", four, facts(four), { freezeDeadlineMs: 1 }))).toContain("backup.create/a");
});

test("nothing is frozen, so no window is too long", () => {
  expect(
    keysOf(planned("backup", four, facts(four, slow(9000), limit(1)), { freezeDeadlineMs: 1, quiesce: "off" })),
  ).toContain("backup.create/a");
});
