import { Argument } from "commander";
import { completionScripts, type Shell } from "../completion/scripts.ts";
import type { Define } from "../program/command-entry.ts";

export const define: Define = (command, { output }) => {
  command
    .addArgument(new Argument("<shell>", "the shell to complete in").choices(Object.keys(completionScripts)))
    .action((shell: Shell) => {
      output.document({ schema: "quiesce.completion/1", shell, script: completionScripts[shell] });
      output.result(completionScripts[shell]);
    });
};
