import type { Argument, Command, Option } from "commander";
import type { Invocation } from "../invocation/invocation.ts";
import { buildProgram, loadOnce } from "../program/build-program.ts";
import { namesFor } from "./names.ts";

/** Candidates for the last word of a command line that is being typed. Contacts nobody. */
export const complete = async (words: readonly string[], invocation: Invocation): Promise<readonly string[]> => {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? "";
  const at = await walk(
    buildProgram(invocation, "", () => {}),
    before,
    invocation,
  );
  const all = await candidates(at, typed, invocation);
  return all.filter((candidate) => candidate.startsWith(typed));
};

/** Where a command line stands: its command, what stood before, and the option that waits for its value. */
interface Place {
  readonly command: Command;
  readonly positionals: readonly string[];
  readonly awaiting: Option | undefined;
}

const walk = async (program: Command, words: readonly string[], invocation: Invocation): Promise<Place> => {
  let command = program;
  let positionals: readonly string[] = [];
  let awaiting: Option | undefined;
  for (const word of words) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (word.startsWith("-"))
      awaiting = optionsOf(command).find((one) => [one.short, one.long].includes(word) && one.required);
    else {
      const sub =
        positionals.length > 0
          ? undefined
          : command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (sub === undefined) positionals = [...positionals, word];
      else {
        command = sub;
        await loadOnce(command, invocation);
      }
    }
  }
  return { command, positionals, awaiting };
};

const optionsOf = (command: Command): readonly Option[] => [
  ...command.options,
  ...(command.parent === null ? [] : optionsOf(command.parent)),
];

const candidates = async (
  { command, positionals, awaiting }: Place,
  typed: string,
  invocation: Invocation,
): Promise<readonly string[]> => {
  if (awaiting !== undefined) return awaiting.argChoices ?? (await namesFor(awaiting.name(), positionals, invocation));
  if (typed.startsWith("-")) return [...optionsOf(command).flatMap(({ long }) => long ?? []), "--help"];
  if (command.commands.length > 0) return command.commands.map((one) => one.name());
  const argument = argumentAt(command.registeredArguments, positionals.length);
  return argument === undefined
    ? []
    : (argument.argChoices ?? (await namesFor(argument.name(), positionals, invocation)));
};

const argumentAt = (list: readonly Argument[], index: number): Argument | undefined => {
  const last = list.at(-1);
  return list[index] ?? (last?.variadic === true ? last : undefined);
};
