import type { Workflow } from "@quiesce/core";
import { freshName } from "../input/fresh-name.ts";
import type { WorkflowFlags } from "./workflow-flags.ts";

/** The set's name as given, or for a backup without one the time with a random suffix. */
export const requestedName = (workflow: Workflow, { name }: WorkflowFlags): string =>
  name ?? (workflow === "backup" ? freshName(new Date(), 4) : "");
