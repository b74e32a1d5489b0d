import { expect, test } from "vitest";
import { chain, place } from "../../test/plan/chain.ts";
import { codesOf, planned, refused } from "../../test/plan/planned.ts";
import { call, deployment, facts, instance } from "../../test/plan/world.ts";

const shop = deployment(instance("db", {}));
const [from] = chain(0, "db");
if (from === undefined) throw new Error("no set");
const here = facts(shop, [], { repository: { ...place, freeBytes: 7 } });

test("a backup names where its bytes go, without the room that is left", () => {
  expect(planned("backup", shop, here).backup).toEqual({ name: "nightly", kind: "backup", repository: place });
});

test("a snapshot has no bytes of its own, nor has a set that scripts make", () => {
  expect(planned("backup", shop, here, { kind: "snapshot" }).backup).not.toHaveProperty("repository");
  const bound = deployment(instance("db", { bound: { "backup.create": [call("dump")] } }));
  expect(planned("backup", bound, facts(bound, [], { repository: place })).backup).not.toHaveProperty("repository");
});

test.each(["restore", "remove_backup"] as const)("a %s works where the set's bytes are", (workflow) => {
  expect(planned(workflow, shop, here, { from }).backup).toEqual({
    id: "s0",
    name: "s0",
    kind: "backup",
    repository: place,
  });
});

test.each(["restore", "remove_backup"] as const)("a %s of a set of another repository is refused", (workflow) => {
  const elsewhere = facts(shop, [], { repository: { id: "repo-2", location: "/mnt/new" } });
  const problems = refused(workflow, shop, elsewhere, { from });
  expect(codesOf(problems)).toEqual(["not-found"]);
  expect(problems[0]?.message).toContain("/srv/backups");
  expect(problems[0]?.message).toContain("/mnt/new");
  expect(refused(workflow, shop, facts(shop), { from })[0]?.message).toContain("no repository is open");
});
