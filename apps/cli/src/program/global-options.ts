import { Option, type Command } from "commander";
import type { Invocation } from "../invocation/invocation.ts";
import { wantsColor, type Format } from "../invocation/output.ts";

interface Globals {
  readonly json?: boolean;
  readonly output?: Format;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly profile?: string;
  readonly stateDir?: string;
}

/** Adds the options that every command takes, and applies them before a command acts. */
export const addGlobalOptions = (program: Command, invocation: Invocation): void => {
  program
    .addOption(new Option("-o, --output <format>", "text, json, or ndjson: one event per line").choices(formats))
    .option("--json", "print one JSON document on stdout; short for -o json")
    .option("-q, --quiet", "no progress on stderr")
    .option("--no-color", "no colours; NO_COLOR does the same")
    .option("--profile <name>", "use this profile of the configuration")
    .option("--state-dir <dir>", "folder of the journal and the catalogue")
    .hook("preAction", (_program, command) => {
      const { json, output, quiet, color, profile, stateDir } = command.optsWithGlobals<Globals>();
      const { env } = invocation;
      invocation.output.configure({
        format: output ?? (json === true ? "json" : "text"),
        quiet: quiet === true,
        color: wantsColor(env, color !== false, invocation.output.stderr),
      });
      invocation.globals = {
        ...(profile === undefined ? {} : { profile }),
        ...(stateDir === undefined ? {} : { stateDir }),
      };
    });
};

const formats: readonly Format[] = ["text", "json", "ndjson"];
