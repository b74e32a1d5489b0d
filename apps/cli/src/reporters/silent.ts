import type { Output } from "../invocation/output.ts";
import type { Reporter } from "./reporter.ts";

/** Shows nothing of the run; with --quiet. */
export const silentReporter = (output: Output): Reporter => ({
  event: () => {},
  say: (text) => output.note(text),
  close: () => {},
});
