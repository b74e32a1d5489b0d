import type { Mutant } from "./mutant.ts";

const engine = (title: string): Mutant["test"] => ({
  project: "unit",
  file: "packages/testkit/test/engine.test.ts",
  title,
});

export const engineMutants: readonly Mutant[] = [
  {
    guard: "a payment runs after a failure",
    file: "packages/core/src/run/admit.ts",
    find: 'if (step.does === "pay") return seen.owed',
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
    file: "packages/core/src/embedded/runtime.ts",
    find: "await drive.cashier.payRest();",
    replace: "",
    test: engine("after 6 writes: the run ends with that error, and nobody is frozen"),
  },
  {
    guard: "observe before act",
    file: "packages/core/src/run/attempt.ts",
    find: 'if (before.is !== "absent") return',
    replace: 'if (before.is === "ambiguous") return',
    test: engine("story T-09"),
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
];
