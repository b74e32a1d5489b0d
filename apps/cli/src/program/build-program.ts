import { Command } from "commander";
import type { Invocation } from "../invocation/invocation.ts";
import type { CommandEntry, CommandLeaf } from "./command-entry.ts";
import { commandTable } from "./command-table.ts";
import { addGlobalOptions } from "./global-options.ts";

/**
 * The tree of commands, by name and summary only. A command's own module is loaded when the parser reaches it, so
 * that an overview loads none of them.
 */
export const buildProgram = (invocation: Invocation, version: string, print: (text: string) => void): Command => {
  const program = new Command("quiesce")
    .description("Suspend, resume, back up and restore whole deployments of virtual machines.")
    .version(version, "-V, --version", "print the version")
    .helpCommand("help [command]", "explain a command")
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: print, writeErr: (text) => invocation.output.stderr.write(text) })
    .exitOverride()
    .addHelpText("after", examples);
  addGlobalOptions(program, invocation);
  program.hook("preSubcommand", (_program, command) => loadOnce(command, invocation));
  for (const entry of commandTable) program.addCommand(shellOf(entry, program, invocation));
  return program;
};

/** Loads a command's arguments and options now: for completion and for `help COMMAND`. */
export const loadOnce = async (command: Command, invocation: Invocation): Promise<void> => {
  const leaf = leaves.get(command);
  if (leaf === undefined) return;
  leaves.delete(command);
  (await leaf.load())(command, invocation);
};

const leaves = new WeakMap<Command, CommandLeaf>();

const shellOf = (entry: CommandEntry, parent: Command, invocation: Invocation): Command => {
  const command = new Command(entry.name).copyInheritedSettings(parent).description(entry.summary);
  if (entry.alias !== undefined) command.alias(entry.alias);
  if (entry.heading !== undefined) command.helpGroup(entry.heading);
  if ("load" in entry) {
    leaves.set(command, entry);
    return command;
  }
  command.helpCommand(false).hook("preSubcommand", (_group, sub) => loadOnce(sub, invocation));
  for (const leaf of entry.commands) command.addCommand(shellOf(leaf, command, invocation));
  return command;
};

const examples = `
Examples:
  quiesce deployments add shop.yaml
  quiesce backup shop --name nightly --kind snapshot
  quiesce restore shop --name nightly --dry-run
`;
