import type { Mutant } from "./mutant.ts";

const contract = (title: string): Mutant["test"] => ({
  project: "unit",
  file: "packages/runtime-sqlite/src/open-store.test.ts",
  title,
});

export const storeMutants: readonly Mutant[] = [
  {
    guard: "a run is not taken from a worker that may live",
    file: "packages/runtime-sqlite/src/write/take-over.ts",
    find: "held.worker !== gone",
    replace: "held.worker === worker",
    test: contract("while its worker may live it is refused"),
  },
  {
    guard: "who takes a run over fences the chains of its old worker",
    file: "packages/runtime-sqlite/src/write/take-over.ts",
    find: "  claims.fence(run);\n",
    replace: "",
    test: contract("every claim from before is refused from then on"),
  },
  {
    guard: "a run that is held for its debts alone never takes its locks by renewing",
    file: "packages/runtime-sqlite/src/write/store-writes.ts",
    find: "if (tables.locks.holdsOnlyLease(claim.run))",
    replace: "if (tables.locks.holdsOnlyLease(claim.run) && now < 0)",
    test: contract("locks that become free are not taken by renewing"),
  },
  {
    guard: "a claim that was let go takes nothing back",
    file: "packages/runtime-sqlite/src/write/store-writes.ts",
    find: "      tables.claims.fence(claim.run);\n",
    replace: "",
    test: contract("what was taken over and let go is free at once"),
  },
  {
    guard: "what was taken back of an older epoch does not hide what a newer one made",
    file: "packages/core/src/run/project.ts",
    find: '"epoch" in event && isOutdated(',
    replace: 'false && "epoch" in event && isOutdated(',
    test: contract("changes nothing of a newer one"),
  },
  {
    guard: "a thaw does not list what was taken back",
    file: "packages/core/src/run/catalogue-changes.ts",
    find: 'what: "amend-item", id, item',
    replace: 'what: "put-item", id, item',
    test: contract("a thaw after the capture was taken back does not list it again"),
  },
  {
    guard: "a store that was cut is not taken for a whole one",
    file: "packages/runtime-sqlite/src/file/refuse-torn.ts",
    find: "if (!(await isTorn(path)) || ",
    replace: "if (path.length > 0 || ",
    test: {
      project: "integration",
      file: "packages/runtime-sqlite/test/torn-file.integ.test.ts",
      title: "a file that was cut at any byte is said to be damaged",
    },
  },
];
