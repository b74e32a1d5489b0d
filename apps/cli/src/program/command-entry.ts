import type { Command } from "commander";
import type { Invocation } from "../invocation/invocation.ts";

/** Gives a command its arguments, options and action. It is called only when the command is used or described. */
export type Define = (command: Command, invocation: Invocation) => void;

/** What the overview of commands shows; everything else of a command is loaded when it is used. */
export type CommandEntry = CommandLeaf | CommandGroup;

interface Named {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  /** Heading below which the overview lists it. */
  readonly heading?: string;
}

export interface CommandLeaf extends Named {
  readonly load: () => Promise<Define>;
}

export interface CommandGroup extends Named {
  readonly commands: readonly CommandLeaf[];
}
