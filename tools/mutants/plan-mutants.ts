import type { Mutant } from "./mutant.ts";

const unit = (file: string, title: string): Mutant["test"] => ({
  project: "unit",
  file: `packages/core/src/${file}`,
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
];
