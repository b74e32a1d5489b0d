import { Option } from "commander";
import type { Define } from "../../program/command-entry.ts";

export interface PruneFlags {
  readonly keepLast?: string;
  readonly keepHourly?: string;
  readonly keepDaily?: string;
  readonly keepWeekly?: string;
  readonly keepMonthly?: string;
  readonly keepYearly?: string;
  readonly keepWithin?: string;
  readonly kind?: string;
  readonly repository?: string;
  readonly confirm?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export const define: Define = (command, invocation) => {
  command
    .argument("<deployment>", "a deployment file or name")
    .option("--keep-last <n>", "keep the newest so many")
    .option("--keep-hourly <n>", "keep the newest of each of the last so many hours that have one")
    .option("--keep-daily <n>", "the same by days")
    .option("--keep-weekly <n>", "the same by weeks")
    .option("--keep-monthly <n>", "the same by months")
    .option("--keep-yearly <n>", "the same by years")
    .option("--keep-within <duration>", "keep what is at most this much older than the newest")
    .addOption(new Option("--kind <kind>", "only sets of this kind").choices(["snapshot", "backup"]))
    .option("--repository <dir>", "folder for the bytes that quiesce moves itself")
    .option("--dry-run", "show what would go and why the others stay; changes nothing")
    .option("--confirm <n>", "how many sets go, where it is more than a fifth of them")
    .option("-y, --yes", "do not ask")
    .action(async (deployment: string, flags: PruneFlags) => {
      const { pruneSets } = await import("../../prune/prune-sets.ts");
      invocation.exitCode = await pruneSets(deployment, flags, invocation);
    });
};
