import type { Define } from "../../program/command-entry.ts";

export interface RebuildFlags {
  readonly repository?: string;
}

export const define: Define = (command, invocation) => {
  command
    .option("--repository <dir>", "folder for the bytes that quiesce moves itself")
    .action(async (flags: RebuildFlags) => {
      const { rebuildCatalogue } = await import("../../records/rebuild-catalogue.ts");
      invocation.exitCode = await rebuildCatalogue(flags, invocation);
    });
};
