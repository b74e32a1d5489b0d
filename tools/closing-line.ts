// A vitest reporter that closes the run with one plain line: "N passed, N failed[, N skipped]".
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that did not load has no tests to count, and yet something failed.
      count.failed += module.errors().length;
    }
    const failed = count.failed + count.pending;
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
    process.stdout.write(`${count.passed} passed, ${failed} failed${skipped}\n`);
  }
}
