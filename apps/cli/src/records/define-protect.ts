import type { Manifest } from "@quiesce/core";
import type { Define } from "../program/command-entry.ts";

interface Flags {
  readonly kind?: Manifest["kind"];
}

/** `backups protect` and `backups unprotect`. */
export const defineProtect =
  (protect: boolean): Define =>
  (command, invocation) => {
    command
      .argument("<deployment>", "a deployment file or name")
      .argument("<name>", "name or id of the set")
      .option("--kind <kind>", "kind of the set, where two have the name")
      .action(async (deployment: string, name: string, { kind }: Flags) => {
        const { protectSet } = await import("./protect-set.ts");
        await protectSet({ deployment, name, ...(kind === undefined ? {} : { kind }) }, protect, invocation);
      });
  };
