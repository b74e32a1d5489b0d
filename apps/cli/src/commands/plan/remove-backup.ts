import { defineWorkflow } from "../../workflow/define-workflow.ts";

export const define = defineWorkflow("remove_backup", "plan");
