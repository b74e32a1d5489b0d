import { Interruption } from "../signals/interruption.ts";

/** Asks on the terminal; no is what Enter means. */
export const askYesNo = async (message: string): Promise<boolean> => {
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  if (isCancel(answer)) throw new Interruption("SIGINT");
  return answer;
};
