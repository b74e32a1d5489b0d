import type { Mutant } from "./mutant.ts";

const killed = (title: string): Mutant["test"] => ({
  project: "e2e",
  file: "apps/cli/test/kill/guards.e2e.test.ts",
  title,
});

/** What brings a run to its end whose process was killed. */
export const killMutants: readonly Mutant[] = [
  {
    guard: "kill: a debt is written together with the intent",
    file: "packages/core/src/run/attempt.ts",
    find: "const debt = harm === undefined ? {} : { debt: harm };",
    replace: "const debt = {};",
    test: killed("killed while all five are frozen: they are thawed"),
  },
  {
    guard: "kill: a recovery pays what the journal says is owed",
    file: "packages/core/src/run/pay-open.ts",
    find: "const open = [...debts.values()].filter(isOwed);",
    replace: "const open = [...debts.values()].filter(isOwed).slice(0, 0);",
    test: killed("killed while all five are frozen: they are thawed"),
  },
  {
    guard: "kill: a step in doubt is looked at before it acts",
    file: "packages/core/src/run/attempt.ts",
    find: 'if (before.is !== "absent") return',
    replace: 'if (before.is === "ambiguous") return',
    test: killed("killed when all are reverted and nobody knows: what was written since is not lost"),
  },
  {
    guard: "kill: a step in doubt is looked at twice",
    file: "packages/core/src/run/attempt.ts",
    find: 'const settleMs = doubt && first.is === "absent" ? await settleMsOf(drive, step) : 0;',
    replace: "const settleMs = doubt ? 0 : 0;",
    test: killed("killed with a call on its way that takes effect after the first look: it is not made again"),
  },
  {
    guard: "kill: a window that a recovery closed is repeated",
    file: "packages/core/src/run/next-epoch.ts",
    find: "if (now >= redo || !isBroken(steps, known, now)) return now;",
    replace: "if (now >= redo || !isBroken(steps, known, now) || redo > 0) return now;",
    test: killed("killed between two captures: the window is repeated"),
  },
  {
    guard: "kill: what does not carry our tag is not ours",
    file: "packages/plugin-libvirt/src/vm/our-snapshot.ts",
    find: "if (ownership?.tag.store === store && ownership.domain === ref.domain.uuid) return ownership;",
    replace: "if (ownership !== null) return ownership as Ownership;",
    test: killed("killed and taken back: what somebody put in the place of ours is not touched"),
  },
  {
    guard: "kill: a provider's object is locked for one run",
    file: "packages/core/src/run/lock-keys.ts",
    find: "...plan.locks.map((id) => `object/${id}`)",
    replace: "",
    test: killed("killed: until it is recovered no other deployment works on its machines"),
  },
  {
    guard: "kill: a run whose process lives is not taken over",
    file: "apps/cli/src/worker/run-life.ts",
    find: 'if (presence === "gone") return',
    replace: 'if (presence !== "unknown") return',
    test: killed("a run that lives is not taken over"),
  },
];
