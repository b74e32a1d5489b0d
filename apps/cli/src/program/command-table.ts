import type { CommandEntry, CommandLeaf } from "./command-entry.ts";

const workflows = "Workflows:";
const plans = "Plans:";
const records = "Records:";
const setUp = "Set-up:";

const leaf = (
  name: string,
  summary: string,
  load: () => Promise<{ readonly define: Awaited<ReturnType<CommandLeaf["load"]>> }>,
  heading?: string,
): CommandLeaf => ({
  name,
  summary,
  load: async () => (await load()).define,
  ...(heading === undefined ? {} : { heading }),
});

/** Every command that exists, in the order of the overview. */
export const commandTable: readonly CommandEntry[] = [
  leaf("suspend", "suspend a deployment's services and machines", () => import("../commands/suspend.ts"), workflows),
  leaf("resume", "put back what suspend stopped", () => import("../commands/resume.ts"), workflows),
  leaf("backup", "make a set of snapshots or backups", () => import("../commands/backup.ts"), workflows),
  leaf("restore", "restore a deployment from a set", () => import("../commands/restore.ts"), workflows),
  leaf("remove-backup", "remove a set", () => import("../commands/remove-backup.ts"), workflows),
  {
    name: "plan",
    summary: "show what a workflow would do; changes nothing",
    heading: plans,
    commands: [
      leaf("suspend", "plan a suspend", () => import("../commands/plan/suspend.ts")),
      leaf("resume", "plan a resume", () => import("../commands/plan/resume.ts")),
      leaf("backup", "plan a backup", () => import("../commands/plan/backup.ts")),
      leaf("restore", "plan a restore", () => import("../commands/plan/restore.ts")),
      leaf("remove-backup", "plan a removal", () => import("../commands/plan/remove-backup.ts")),
    ],
  },
  leaf("apply", "run a plan that was saved, exactly", () => import("../commands/apply.ts"), plans),
  {
    name: "deployments",
    summary: "register and inspect deployments",
    heading: records,
    commands: [
      leaf("add", "register a deployment file by its name", () => import("../commands/deployments/add.ts")),
      leaf("list", "list the registered deployments", () => import("../commands/deployments/list.ts")),
      leaf("show", "show the instances of a deployment", () => import("../commands/deployments/show.ts")),
      leaf("validate", "check a deployment file", () => import("../commands/deployments/validate.ts")),
      leaf("discover", "list what a provider has", () => import("../commands/deployments/discover.ts")),
      leaf("remove", "forget a registered deployment", () => import("../commands/deployments/remove.ts")),
    ],
  },
  {
    name: "backups",
    summary: "list and inspect sets",
    heading: records,
    commands: [
      leaf("list", "list the sets", () => import("../commands/backups/list.ts")),
      leaf("show", "show whether and how a set can be restored", () => import("../commands/backups/show.ts")),
      leaf(
        "recovery-points",
        "list the ways back from restores",
        () => import("../commands/backups/recovery-points.ts"),
      ),
      leaf("verify", "read every byte of sets again", () => import("../commands/backups/verify.ts")),
      leaf("prune", "remove old sets by a rule", () => import("../commands/backups/prune.ts")),
      leaf("protect", "keep a set from removal and pruning", () => import("../commands/backups/protect.ts")),
      leaf("unprotect", "end a set's protection", () => import("../commands/backups/unprotect.ts")),
      leaf("rebuild", "make the catalogue again from a repository", () => import("../commands/backups/rebuild.ts")),
    ],
  },
  {
    name: "executions",
    alias: "runs",
    summary: "list, inspect and cancel runs",
    heading: records,
    commands: [
      leaf("list", "list the runs", () => import("../commands/executions/list.ts")),
      leaf("show", "show the result of a run", () => import("../commands/executions/show.ts")),
      leaf("events", "print the journal of a run", () => import("../commands/executions/events.ts")),
      leaf("cancel", "ask a run to stop", () => import("../commands/executions/cancel.ts")),
    ],
  },
  leaf(
    "recover",
    "pay what dead runs owe, and bring them to their end",
    () => import("../commands/recover.ts"),
    records,
  ),
  {
    name: "leftovers",
    summary: "list, adopt and remove what runs left behind",
    heading: records,
    commands: [
      leaf("list", "list what nothing names any more", () => import("../commands/leftovers/list.ts")),
      leaf("adopt", "take content back into the catalogue", () => import("../commands/leftovers/adopt.ts")),
      leaf("clean", "remove it", () => import("../commands/leftovers/clean.ts")),
    ],
  },
  leaf("events", "print the journal of the newest run", () => import("../commands/events.ts"), records),
  leaf("capabilities", "print what each plugin can do", () => import("../commands/capabilities.ts"), setUp),
  {
    name: "plugins",
    summary: "inspect the plugins that are found",
    heading: setUp,
    commands: [
      leaf("list", "list the plugins, and those that were refused", () => import("../commands/plugins/list.ts")),
    ],
  },
  leaf("doctor", "look for what would make a run fail; changes nothing", () => import("../commands/doctor.ts"), setUp),
  {
    name: "config",
    summary: "inspect the configuration",
    heading: setUp,
    commands: [leaf("show", "print each setting", () => import("../commands/config/show.ts"))],
  },
  leaf("completion", "print a completion script for a shell", () => import("../commands/completion.ts"), setUp),
];
