import type { Mutant } from "./mutant.ts";

const unit = (file: string, title: string): Mutant["test"] => ({
  project: "unit",
  file: `packages/core/src/${file}`,
  title,
});

const retention = (title: string): Mutant["test"] => ({
  project: "unit",
  file: "packages/testkit/test/retention.test.ts",
  title,
});

export const planMutants: readonly Mutant[] = [
  {
    guard: "a disk that nobody takes is refused",
    file: "packages/core/src/plan/disks.ts",
    find: "      report(planning, member, disk, captured.reason, others, allowed);",
    replace: "",
    test: unit("plan/disks.test.ts", "a disk that nobody takes is a problem that says how to allow it"),
  },
  {
    guard: "a plan that was edited is no longer sealed",
    file: "packages/core/src/seal.ts",
    find: "digestOf(body) === digest",
    replace: "digest.length > 0",
    test: unit("seal.test.ts", "any change of a plan breaks its seal"),
  },
  {
    guard: "an increment never builds on a broken chain",
    file: "packages/core/src/plan/increment.ts",
    find: 'if (chain.is === "broken") return { why: chain.reason };',
    replace:
      'if (chain.is === "broken") return { input: { parent: { backup: set.id, base, artefacts: [] } }, since: set.name };',
    test: unit("plan/increment.test.ts", "a chain with a hole or with damage is not made longer"),
  },
  {
    guard: "an increment never builds on another object",
    file: "packages/core/src/plan/increment.ts",
    find: "if (item.providerId !== member.target.providerId)",
    replace: "if (item.providerId === undefined)",
    test: unit("plan/increment.test.ts", "another object under the same name starts with a full one"),
  },
  {
    guard: "a set on which others build is not removed",
    file: "packages/core/src/plan/removable.ts",
    find: "if (building.length === 0) return;",
    replace: "if (building.length >= 0) return;",
    test: unit("plan/removable.test.ts", "a set on which others build is refused"),
  },
  {
    guard: "a protected set is not removed",
    file: "packages/core/src/plan/removable.ts",
    find: "if (set.protected === true)",
    replace: "if (set.protected === undefined)",
    test: unit("plan/removable.test.ts", "a protected set stays"),
  },
  {
    guard: "a volume is not captured twice",
    file: "packages/core/src/plan/backup.ts",
    find: "routesOf(planning, members, operation, withMachine)",
    replace: "routesOf(planning, members, operation)",
    test: unit("plan/with-machine.test.ts", "is taken with its machine, once"),
  },
  {
    guard: "a restore beside the original is no restore in place",
    file: "packages/core/src/plan/restores.ts",
    find: 'as: as === undefined ? { place: "in-place" }',
    replace: 'as: as !== undefined ? { place: "in-place" }',
    test: unit("plan/restore-beside.test.ts", "one machine is made beside the original"),
  },
  {
    guard: "retention keeps what a kept set builds on",
    file: "packages/core/src/retention/prune-plan.ts",
    find: "  keepWhatIsNeeded(known, reasons, keep);",
    replace: "",
    test: retention("everything that a kept set builds on is kept"),
  },
  {
    guard: "retention does not trust a clock that went back",
    file: "packages/core/src/retention/prune-plan.ts",
    find: "const trouble = timed ? clockTrouble(group, now) : undefined;",
    replace: "const trouble = clockTrouble([], now);",
    test: retention("where the newest is dated before an older one"),
  },
  {
    guard: "retention never counts what cannot be restored",
    file: "packages/core/src/retention/prune-plan.ts",
    find: "const restorable = group.filter(({ id }) => flaws.get(id) === undefined);",
    replace: "const restorable = group;",
    test: retention("the newest set that can be restored is kept, of each kind"),
  },
];
