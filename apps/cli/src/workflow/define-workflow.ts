import type { Workflow } from "@quiesce/core";
import type { Define } from "../program/command-entry.ts";
import { addWorkflowFlags, type WorkflowFlags } from "./workflow-flags.ts";

/** The command of a workflow: to run it, or (`quiesce plan …`) only to plan it. */
export const defineWorkflow =
  (workflow: Workflow, use: "run" | "plan"): Define =>
  (command, invocation) => {
    addWorkflowFlags(command, workflow, use);
    command.action(async (deployment: string, flags: WorkflowFlags) => {
      if (use === "run" && flags.withDependants === true) {
        const { removeWithDependants } = await import("./remove-with-dependants.ts");
        invocation.exitCode = await removeWithDependants(deployment, flags, invocation);
        return;
      }
      if (workflow === "restore") {
        const { revokeOf } = await import("./revoke-of.ts");
        const revoke = revokeOf(flags);
        if (revoke !== undefined) {
          const { revokeRestore } = await import("./revoke-restore.ts");
          invocation.exitCode = await revokeRestore({ ...revoke, use, deployment, flags }, invocation);
          return;
        }
      }
      const { runWorkflow } = await import("./run-workflow.ts");
      invocation.exitCode = await runWorkflow({ workflow, use, deployment, flags }, invocation);
    });
  };
