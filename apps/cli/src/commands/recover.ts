import { Option } from "commander";
import type { Define } from "../program/command-entry.ts";
import type { RecoverFlags } from "../recover/recover-runs.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[run]", "id of the run or its beginning; by default every run whose process is gone")
    .addOption(
      new Option("--policy <policy>", "what becomes of it (default: ask on a terminal, else continue)").choices([
        "continue",
        "compensate",
        "ask",
      ]),
    )
    .option("--debts-only", "only thaw and release what is owed; the runs stay as they are")
    .option("--repository <dir>", "where the bytes are now, if not where they were")
    .option("--timeout <duration>", "end in an orderly way after this time")
    .option("-y, --yes", "do not ask: go on")
    .action(async (run: string | undefined, flags: RecoverFlags) => {
      const { recoverRuns } = await import("../recover/recover-runs.ts");
      invocation.exitCode = await recoverRuns(run, flags, invocation);
    });
};
