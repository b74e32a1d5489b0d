import { QuiesceError } from "@quiesce/core";
import type { WorkflowFlags } from "./workflow-flags.ts";

/** To take a restore back, or to keep what it restored. Without `run` the newest restore that has a way back. */
export interface Revoke {
  readonly does: "undo" | "commit";
  /** Id of the run that restored, or its beginning. */
  readonly run: string | undefined;
}

/** What is asked of a restore that was done; undefined where one is to be done, for which a set is named. */
export const revokeOf = (flags: WorkflowFlags): Revoke | undefined => {
  const { undo, commit, name } = flags;
  if (undo === undefined && commit === undefined) {
    if (name !== undefined) return undefined;
    throw new QuiesceError("usage", "A restore needs the name of a set: --name NAME.", {
      hint: "To go back to what was before a restore: --undo. To keep it for good: --commit RUN.",
    });
  }
  const others = (["name", "kind", "as", "connect", "allowMixedTime"] as const).filter(
    (key) => flags[key] !== undefined,
  );
  const does = undo === undefined ? "commit" : "undo";
  if (undo !== undefined && commit !== undefined) throw contradict("--undo", "--commit");
  if (others[0] !== undefined) throw contradict(`--${does}`, optionOf(others[0]));
  return { does, run: typeof undo === "string" ? undo : commit };
};

const optionOf = (key: string): string => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const contradict = (one: string, other: string): QuiesceError =>
  new QuiesceError("usage", `${one} and ${other} do not go together.`, {
    hint: "--undo and --commit take what they need from the run that restored.",
  });
