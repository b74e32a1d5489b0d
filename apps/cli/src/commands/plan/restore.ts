import type { Define } from "../../program/command-entry.ts";
export const define: Define = () => {};
