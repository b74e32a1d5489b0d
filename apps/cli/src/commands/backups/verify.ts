import type { Manifest } from "@quiesce/core";
import type { Define } from "../../program/command-entry.ts";

export interface VerifyFlags {
  readonly kind?: Manifest["kind"];
  readonly repository?: string;
}

export const define: Define = (command, invocation) => {
  command
    .argument("<deployment>", "a deployment file or name")
    .argument("[name]", "name or id of a set; without it every set of the deployment")
    .option("--kind <kind>", "kind of the set, where two have the name")
    .option("--repository <dir>", "folder for the bytes that quiesce moves itself")
    .action(async (deployment: string, name: string | undefined, flags: VerifyFlags) => {
      const { verifySets } = await import("../../verify/verify-sets.ts");
      invocation.exitCode = await verifySets(deployment, name, flags, invocation);
    });
};
