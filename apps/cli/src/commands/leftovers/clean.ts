import type { Define } from "../../program/command-entry.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[ids...]", "ids, names or runs of leftovers; by default all")
    .option("--deployment <name>", "only what belongs to this deployment")
    .option("--repository <dir>", "look in this folder too")
    .option("-y, --yes", "do not ask")
    .action(async (ids: readonly string[], { yes, ...scope }: Flags) => {
      const { cleanLeftovers } = await import("../../leftovers/clean-leftovers.ts");
      invocation.exitCode = await cleanLeftovers(ids, scope, yes === true, invocation);
    });
};

interface Flags {
  readonly deployment?: string;
  readonly repository?: string;
  readonly yes?: boolean;
}
