import type { Item, RunSummary } from "@quiesce/core";
import { bytes } from "./bytes.ts";
import { duration } from "./duration.ts";
import type { Paint, Tone } from "./paint.ts";
import { table } from "./table.ts";

const headings = ["INSTANCE", "KIND", "OPERATION", "STATUS", "CONSISTENCY", "FROZEN", "RESULT"];

/** The result of a run for people: one row per instance and cell, then the verdict. */
export const runResult = (summary: RunSummary, paint: Paint): string => {
  const rows = summary.instances.map((item) => [
    item.instance,
    item.kind,
    item.operation,
    item.status,
    item.consistency ?? "",
    item.freezeWindowMs === undefined ? "" : duration(item.freezeWindowMs),
    resultOf(item),
  ]);
  const [head = "", ...lines] = table(
    headings.map((heading) => ({ heading })),
    rows,
  ).split("\n");
  const painted = lines.map((line, index) => paint(toneOf[summary.instances[index]?.status ?? "not-run"], line));
  return [verdict(summary, paint), "", paint("strong", head), ...painted, ...noteLines(summary)].join("\n");
};

const noteLines = ({ instances }: RunSummary): readonly string[] => {
  const lines = instances.flatMap(({ instance, notes = [] }) => notes.map((note) => `${instance}: ${note}`));
  return lines.length === 0 ? [] : ["", ...lines];
};

/** `backup nightly (snapshot) of shop: succeeded`, with the run's id. */
const verdict = ({ workflow, backup, deployment, status, runId }: RunSummary, paint: Paint): string => {
  const set = backup === undefined ? "" : ` ${backup.name} (${backup.kind})`;
  const tone: Tone = status === "succeeded" ? "good" : status === "partial" || status === "cancelled" ? "warn" : "bad";
  return `${workflow}${set} of ${deployment}: ${paint(tone, status)}, run ${runId}`;
};

const toneOf: Readonly<Record<Item["status"], Tone>> = {
  succeeded: "good",
  failed: "bad",
  skipped: "dim",
  missing: "bad",
  drifted: "warn",
  cancelled: "warn",
  degraded: "warn",
  undone: "warn",
  "not-run": "dim",
};

const resultOf = ({ reason, artefacts, mode, drift, status }: Item): string => {
  if (drift !== undefined && drift.length > 0) return drift.map(({ path }) => path).join(", ");
  if (reason !== undefined) return reason;
  const made = artefacts.map(({ name, bytes: size }) => (size === undefined ? name : `${name} (${bytes(size)})`));
  if (made.length > 0) return made.join(", ");
  return mode === "by-vm" && status === "succeeded" ? "inside its machine's" : "";
};
