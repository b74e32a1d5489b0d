import type { RecoverPolicy } from "@quiesce/core";
import { nameOf } from "./found.ts";
import type { Unfinished } from "./unfinished.ts";

export type WantedPolicy = RecoverPolicy | "ask";

/** `leave`: it stays as it is. `stop`: Ctrl-C at the question; nothing more is begun. */
export type Choice = RecoverPolicy | "leave" | "stop";

/** What becomes of a run. One that was cancelled is not asked about: it only ends. */
export const choosePolicy = async (run: Unfinished, wanted: WantedPolicy, interactive: boolean): Promise<Choice> => {
  if (wanted !== "ask") return wanted;
  if (run.state.cancel !== "none") return "continue";
  return interactive ? await ask(run) : "leave";
};

const ask = async (run: Unfinished): Promise<Choice> => {
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select<RecoverPolicy | "leave">({
    message: `What becomes of ${nameOf(run)}?`,
    options: [
      { value: "continue", label: "go on where it was" },
      { value: "compensate", label: "take back what it did" },
      { value: "leave", label: "leave it as it is" },
    ],
    output: process.stderr,
  });
  return isCancel(answer) ? "stop" : answer;
};
