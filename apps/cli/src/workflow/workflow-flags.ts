import { Option, type Command } from "commander";
import type { Workflow } from "@quiesce/core";
import { commaList } from "../input/comma-list.ts";

/** The options of the five workflows as they were typed; each workflow takes some of them. */
export interface WorkflowFlags {
  readonly includeInstances?: readonly string[];
  readonly excludeInstances?: readonly string[];
  readonly name?: string;
  readonly kind?: string;
  readonly incremental?: boolean;
  readonly consistency?: string;
  readonly quiesce?: string;
  readonly repository?: string;
  readonly compress?: string;
  readonly as?: string;
  readonly connect?: boolean;
  readonly undo?: string | true;
  readonly commit?: string;
  readonly withDependants?: boolean;
  readonly freezeDeadline?: string;
  readonly timeout?: string;
  readonly rollback?: boolean;
  readonly allowSkip?: boolean;
  readonly allowDegraded?: boolean;
  readonly allowPartial?: boolean;
  readonly allowUncaptured?: readonly string[];
  readonly allowDrift?: boolean;
  readonly allowMixedTime?: boolean;
  readonly dryRun?: boolean;
  readonly explain?: boolean;
  readonly out?: string;
  readonly yes?: boolean;
}

/** Adds the options of a workflow, for running it or for planning it. */
export const addWorkflowFlags = (command: Command, workflow: Workflow, use: "run" | "plan"): void => {
  command.argument("<deployment>", "a deployment file, or the name of a registered deployment");
  addOwn[workflow](command, use);
  command
    .option("--include-instances <ids>", "only these instances, separated by commas", commaList)
    .option("--exclude-instances <ids>", "all but these instances", commaList)
    .option("--allow-skip", "leave out what a provider cannot do, instead of refusing");
  if (use === "run") {
    if (workflow === "suspend" || workflow === "backup")
      command.option("--rollback", "when it fails or is cancelled, take back what it did");
    command
      .option("--allow-partial", "take a partial result for a success")
      .option("--timeout <duration>", "end the run in an orderly way after this time")
      .option("--dry-run", "show the plan and stop; changes nothing")
      .option("-y, --yes", "do not ask");
  }
  command.option("--explain", "with the plan, list also what is absent and why");
  if (use === "plan") command.option("--out <file>", "save the plan for `quiesce apply`");
};

const repositoryText = "folder for the bytes that quiesce moves itself";

const addOwn: Readonly<Record<Workflow, (command: Command, use: "run" | "plan") => void>> = {
  suspend: () => {},
  resume: () => {},
  backup: (command) => {
    command
      .option("--name <name>", "name of the set; by default the time and a random suffix")
      .addOption(new Option("--kind <kind>", "what to make (default: backup)").choices(["snapshot", "backup"]))
      .option("--incremental", "store only the difference to the last backup")
      .addOption(
        new Option("--consistency <scope>", "what is quiet at the same time (default: deployment)").choices([
          "deployment",
          "instance",
        ]),
      )
      .addOption(
        new Option("--quiesce <mode>", "how much a freeze matters (default: auto)").choices([
          "auto",
          "required",
          "try",
          "off",
        ]),
      )
      .option("--repository <dir>", repositoryText)
      .addOption(new Option("--compress <how>", "how bytes are stored (default: none)").choices(["zstd", "none"]))
      .option("--freeze-deadline <duration>", "thaw at the latest after this time (default: 30s)")
      .option("--allow-degraded", "back up a machine that cannot be frozen as if it had crashed")
      .option("--allow-uncaptured <disks>", "<instance>:<disk> that nobody captures, separated by commas", commaList);
  },
  restore: (command) => {
    command
      .option("--name <name>", "name or id of the set")
      .option("--undo [run]", "take a restore back, by default the newest that has a way back")
      .option("--commit <run>", "keep what this run restored, and remove what was kept for its way back")
      .addOption(
        new Option("--kind <kind>", "kind of the set, where two have the name").choices(["snapshot", "backup"]),
      )
      .option("--freeze-deadline <duration>", "thaw a restored guest at the latest after this time (default: 30s)")
      .option("--as <name>", "make a new machine of this name beside the original; its networks stay disconnected")
      .option("--connect", "with --as: connect its networks")
      .option("--repository <dir>", repositoryText)
      .option("--allow-drift", "differences that a comparison finds are no failure")
      .option("--allow-mixed-time", "restore a part of what belongs together");
  },
  remove_backup: (command, use) => {
    command
      .requiredOption("--name <name>", "name or id of the set")
      .addOption(
        new Option("--kind <kind>", "kind of the set, where two have the name").choices(["snapshot", "backup"]),
      )
      .option("--repository <dir>", repositoryText);
    if (use === "run") command.option("--with-dependants", "remove also the sets that build on this one, newest first");
  },
};
