import type { Define } from "../../program/command-entry.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<id>", "id or name of a leftover, or the run that made it")
    .option("--deployment <name>", "only what belongs to this deployment")
    .option("--repository <dir>", "look in this folder too")
    .action(async (id: string, scope: Flags) => {
      const { adoptLeftovers } = await import("../../leftovers/adopt-leftovers.ts");
      invocation.exitCode = await adoptLeftovers(id, scope, invocation);
    });
};

interface Flags {
  readonly deployment?: string;
  readonly repository?: string;
}
