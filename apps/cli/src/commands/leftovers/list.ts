import type { Define } from "../../program/command-entry.ts";

export const define: Define = (command, invocation) => {
  command
    .option("--all-stores", "also what other stores made; it is shown, never touched")
    .option("--deployment <name>", "only what belongs to this deployment")
    .option("--repository <dir>", "look in this folder too")
    .action(async ({ allStores, ...scope }: Flags) => {
      const { listLeftovers } = await import("../../leftovers/list-leftovers.ts");
      invocation.exitCode = await listLeftovers({ ...scope, allStores: allStores === true }, invocation);
    });
};

interface Flags {
  readonly allStores?: boolean;
  readonly deployment?: string;
  readonly repository?: string;
}
