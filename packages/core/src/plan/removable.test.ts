import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { chain, grown, named, place } from "../../test/plan/chain.ts";
import { codesOf, planned, refused, shapeOf } from "../../test/plan/planned.ts";
import { deployment, facts, instance } from "../../test/plan/world.ts";

const shop = deployment(instance("db", {}), instance("web", {}));
const sets = [
  named("s2", grown("db", "s2", "s1"), grown("web", "s2")),
  named("s1", grown("db", "s1", "s0"), grown("web", "s1", "s0")),
  named("s0", grown("db", "s0"), grown("web", "s0")),
];
const known = facts(shop, [], { sets, repository: place });
const from = (name: string) => ({ from: sets.find((set) => set.name === name) as never });

test("a set on which others build is refused, naming them and all that must go with it", () => {
  const problems = refused("remove_backup", shop, known, from("s0"));
  expect(problems).toMatchObject([
    {
      code: "unsupported",
      message: "backup s0 cannot be removed: s1 (db, web) builds on it, and 1 more on that.",
      hint: "Remove them too, newest first: --with-dependants (s2, s1).",
    },
  ]);
});

test("the newest of a chain is removed", () => {
  expect(shapeOf(planned("remove_backup", shop, known, from("s2")))).toEqual([
    "remove: db[backup.remove/db] web[backup.remove/web]",
  ]);
});

test("an item of which nothing hangs is removed alone, the other one is kept", () => {
  const include = (id: string) => ({ ...from("s1"), include: [asId<never>(id)] });
  expect(shapeOf(planned("remove_backup", shop, known, include("web")))).toEqual(["remove: web[backup.remove/web]"]);
  expect(codesOf(refused("remove_backup", shop, known, include("db")))).toEqual(["unsupported"]);
});

test("permission to skip is no permission to break a chain", () => {
  expect(codesOf(refused("remove_backup", shop, known, { ...from("s0"), allowSkip: true }))).toEqual(["unsupported"]);
});

test("sets of another deployment do not build on this one, even under the same id", () => {
  const foreign = sets.map((set) => ({ ...set, deployment: asId<never>("other") }));
  const world = facts(shop, [], { sets: foreign, repository: place });
  expect(planned("remove_backup", shop, world, from("s0")).stages).toHaveLength(1);
});

test("a protected set stays", () => {
  const [set] = chain(0, "db");
  const problems = refused("remove_backup", shop, known, { from: { ...set, protected: true } as never });
  expect(problems).toContainEqual(
    expect.objectContaining({ code: "protected", hint: expect.stringContaining("backups unprotect shop s0") }),
  );
});
