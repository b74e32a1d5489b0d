import { defineProtect } from "../../records/define-protect.ts";

export const define = defineProtect(true);
