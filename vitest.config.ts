import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Packages run from source: the custom condition in each package's exports points at src/.
const conditions = ["@quiesce/source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };
const project = (name: string, include: readonly string[], timeoutMs: number) => ({
  ...shared,
  test: { name, include: [...include], testTimeout: timeoutMs, hookTimeout: timeoutMs, pool: "forks" as const },
});

export default defineConfig({
  test: {
    // Tests of the lab wait for guests most of the time: on two processors one file at a time would take twice as long.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters:
      process.env["CI"] === undefined ? ["default", "./tools/closing-line.ts"] : ["verbose", "./tools/closing-line.ts"],
    projects: [
      project(
        "unit",
        [
          "packages/*/src/**/*.test.ts",
          "packages/testkit/test/*.test.ts",
          "apps/*/src/**/*.test.ts",
          "tools/**/*.test.ts",
        ],
        20_000,
      ),
      project("conformance", ["packages/*/test/**/*.conformance.test.ts"], 180_000),
      project("integration", ["packages/*/test/**/*.integ.test.ts"], 120_000),
      project("e2e", ["apps/*/test/**/*.e2e.test.ts"], 120_000),
    ],
  },
});
