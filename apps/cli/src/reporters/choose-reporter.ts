import type { PlanIndex } from "@quiesce/core";
import type { Output } from "../invocation/output.ts";
import { ndjsonReporter } from "./ndjson.ts";
import { plainReporter } from "./plain.ts";
import type { Reporter } from "./reporter.ts";
import { silentReporter } from "./silent.ts";
import { ttyReporter } from "./tty.ts";

/** Nothing moves where nobody looks: only a terminal gets the live view. */
export const chooseReporter = (index: PlanIndex, output: Output, nowMs: () => number): Reporter => {
  const { format, quiet } = output.settings;
  if (format === "ndjson") return ndjsonReporter(output);
  if (quiet) return silentReporter(output);
  return output.stderr.isTTY === true ? ttyReporter(index, output, nowMs) : plainReporter(index, output);
};
