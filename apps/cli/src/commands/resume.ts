import { defineWorkflow } from "../workflow/define-workflow.ts";

export const define = defineWorkflow("resume", "run");
