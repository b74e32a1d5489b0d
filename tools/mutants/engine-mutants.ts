import type { Mutant } from "./mutant.ts";

const engine = (title: string): Mutant["test"] => ({
  project: "unit",
  file: "packages/testkit/test/engine.test.ts",
  title,
});

const backup = (title: string): Mutant["test"] => ({
  project: "unit",
  file: "packages/testkit/test/backup-engine.test.ts",
  title,
});

export const engineMutants: readonly Mutant[] = [
  {
    guard: "a payment runs after a failure",
    file: "packages/core/src/run/admit.ts",
    find: "if (isPayment(step)) return seen.owed",
    replace: 'if (step.does === "pay" && !seen.unitFailed) return seen.owed',
    test: engine("everybody is thawed exactly once when machine 1 fails"),
  },
  {
    guard: "the watchdog pays at the deadline",
    file: "packages/core/src/run/cashier.ts",
    find: 'clock.timer(known.spec.dueInMs, () => void pay(key, "watchdog").catch(() => {}))',
    replace: "() => {}",
    test: engine("a capture that hangs does not outlive the window"),
  },
  {
    guard: "a failed payment is tried again",
    file: "packages/core/src/run/pay-debt.ts",
    find: "if (waitMs === undefined) return",
    replace: "if (waitMs !== undefined || true) return",
    test: engine("is tried again"),
  },
  {
    guard: "a capture across a paid window is not called consistent",
    file: "packages/core/src/run/drive-step.ts",
    find: '? outcome : { ...outcome, consistency: "crash" };',
    replace: "? outcome : outcome;",
    test: engine("a capture that hangs does not outlive the window"),
  },
  {
    guard: "debts are paid when the journal can no longer be written",
    file: "packages/core/src/run/settle.ts",
    find: "await drive.cashier.payRest();",
    replace: "",
    test: engine("after 6 writes: the run ends with that error, and nobody is frozen"),
  },
  {
    guard: "observe before act",
    file: "packages/core/src/run/attempt.ts",
    find: 'if (before.is !== "absent") return',
    replace: 'if (before.is === "ambiguous") return',
    test: engine("T-09: a create whose reply"),
  },
  {
    guard: "a call that hangs is abandoned at its deadline",
    file: "packages/core/src/run/deadline.ts",
    find: "stopTimer = clock.timer(ms, () => {",
    replace: "stopTimer = clock.timer(ms * 1e6, () => {",
    test: engine("a freeze that hangs with its effect is thawed"),
  },
  {
    guard: "open debts win over every other exit code",
    file: "packages/core/src/run/exit-code.ts",
    find: "if (frozen.length > 0) return exitCodes.mayBeFrozen;",
    replace: "",
    test: engine("is told with exit code 20"),
  },
  {
    guard: "a deployment is locked while a run works on it",
    file: "packages/core/src/embedded/runtime.ts",
    find: "if (!begun.begun) {",
    replace: "if (!begun.begun && false) {",
    test: engine("a second run on the deployment is refused"),
  },
  {
    guard: "backup: what a capture holds is released after a failure",
    file: "packages/core/src/run/admit.ts",
    find: "if (isPayment(step)) return seen.owed",
    replace: 'if (step.does === "pay" || (step.does === "release" && !seen.unitFailed)) return seen.owed',
    test: backup("in its capture leaves nothing, and its name is free"),
  },
  {
    guard: "backup: the manifest is written after the bytes",
    file: "packages/core/src/run/forward.ts",
    find: "  if (withdrawn === undefined) await runPlan(drive.index.plan, engine);",
    replace: `  const { plan } = drive.index;
  const early = { ...plan.backup, id: drive.run, run: drive.run, deployment: plan.deployment, items: [] };
  await drive.repository.keepManifest({ store: drive.store.id, manifest: early as never });
  await runPlan(plan, engine);`,
    test: backup("has no manifest while its bytes are moved"),
  },
  {
    guard: "backup: a completion counts when a look finds all its bytes",
    file: "packages/core/src/run/drive-step.ts",
    find: 'if (look.is !== "done" || look.whole === false) {',
    replace: 'if (look.is !== "done") {',
    test: backup("is not complete when a look after the copy does not find all its bytes"),
  },
  {
    guard: "backup: a completion that a release overtook is no success",
    file: "packages/core/src/run/drive-step.ts",
    find: "!drive.cashier.isTried(held)) return end;",
    replace: "true) return end;",
    test: backup("is released by the watchdog; a completion that comes later is no success"),
  },
  {
    guard: "backup: a process that was taken over from releases nothing",
    file: "packages/core/src/run/pay-debt.ts",
    find: 'if (due.spec.harm === "held" && note.isFenced()) note.rethrow();',
    replace: "",
    test: backup("a process that another one took over from releases nothing and writes no manifest"),
  },
  {
    guard: "backup: a set whose manifest is not written is not complete",
    file: "packages/core/src/run/settle.ts",
    find: "const unkept = await keepManifest(drive, statusOf(drive.index, await drive.store.state(drive.run)));",
    replace: "const unkept = undefined as Awaited<ReturnType<typeof keepManifest>>;",
    test: backup("a set whose manifest cannot be written is not complete, and the run says why"),
  },
  {
    guard: "backup: a removal withdraws the manifest first",
    file: "packages/core/src/run/forward.ts",
    find: "const withdrawn = await withdrawManifest(drive);",
    replace: "const withdrawn = undefined as Awaited<ReturnType<typeof withdrawManifest>>;",
    test: backup("withdraws the manifest before it takes anything away"),
  },
];
