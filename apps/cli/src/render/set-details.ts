import type { Instant, Manifest, SetCheck } from "@quiesce/core";
import type { Restorable } from "../records/restorable.ts";
import { weakestConsistency } from "../records/set-rows.ts";
import { age } from "./age.ts";
import { bytes } from "./bytes.ts";
import { duration } from "./duration.ts";
import { localTime } from "./local-time.ts";
import type { Paint } from "./paint.ts";
import { shellWord } from "./shell-word.ts";
import { table } from "./table.ts";

export interface SetFacts {
  readonly set: Manifest;
  readonly restorable: Restorable;
  /** When the content of each captured step was fixed; empty where the run is not known any more. */
  readonly capturedAt: readonly Instant[];
  /** What the plan left out, and why. */
  readonly gaps: readonly string[];
  /** Names of the sets that it builds on, the oldest first; empty for a set that stands alone. */
  readonly chain: readonly string[];
  readonly nowMs: number;
}

/** A set for people: first whether it can be restored, last the command that restores it and what that overwrites. */
export const setDetails = ({ set, restorable, capturedAt, gaps, chain, nowMs }: SetFacts, paint: Paint): string => {
  const { verdict, reason } = restorable;
  const tone = ({ yes: "good", partly: "warn", no: "bad" } as const)[verdict];
  return [
    `RESTORABLE ${paint(tone, verdict)}: ${reason}`,
    `${set.kind} ${set.name} of ${set.deployment}, made ${localTime(set.createdAt)} (${age(set.createdAt, nowMs)}) by run ${set.run}, id ${set.id}`,
    `consistency: ${weakestConsistency(set) ?? "none"}${windowOf(set)}${skewOf(capturedAt)}`,
    ...gaps.map((gap) => `gap: ${gap}`),
    ...storageLines(set, chain),
    "",
    itemTable(set, restorable),
    "",
    ...(verdict === "no" ? [] : restoreLines(set, restorable)),
  ]
    .join("\n")
    .trimEnd();
};

const storageLines = (
  { items, repository, checked, protected: kept }: Manifest,
  chain: readonly string[],
): readonly string[] => [
  ...(repository === undefined ? [] : [`repository: ${repository.location}`]),
  ...(chain.length === 0 ? [] : [`builds on: ${chain.join(", ")}`]),
  ...(repository === undefined ? [] : [`last verified: ${checkedOf(checked)}`]),
  ...(kept === true ? ["protected: it is neither removed nor pruned"] : []),
  ...items.flatMap(({ instance, notes = [] }) => notes.map((note) => `${instance}: ${note}`)),
];

const checkedOf = (checked: SetCheck | undefined): string => {
  if (checked === undefined) return "never";
  const found = checked.damage.length === 0 ? "whole" : `${checked.damage.length} damage(s) found`;
  return `${localTime(checked.at)}, ${found}`;
};

const windowOf = ({ items }: Manifest): string => {
  const windows = items.flatMap(({ freezeWindowMs }) => (freezeWindowMs === undefined ? [] : [freezeWindowMs]));
  return windows.length === 0 ? "" : `; longest frozen ${duration(Math.max(...windows))}`;
};

/** How far apart in time the contents lie. */
const skewOf = (capturedAt: readonly Instant[]): string => {
  if (capturedAt.length < 2) return "";
  const times = capturedAt.map((at) => Date.parse(at));
  return `; contents lie at most ${duration(Math.max(...times) - Math.min(...times))} apart`;
};

const columns = ["INSTANCE", "KIND", "USABLE", "CONSISTENCY", "FROZEN", "ARTEFACTS"].map((heading) => ({ heading }));

const itemTable = ({ items }: Manifest, restorable: Restorable): string =>
  table(
    columns,
    items.map((item, index) => {
      const fate = restorable.items[index];
      return [
        item.instance,
        item.kind,
        fate?.usable === true ? "yes" : `no: ${fate?.why ?? "unknown"}`,
        item.consistency,
        item.freezeWindowMs === undefined ? "" : duration(item.freezeWindowMs),
        item.coveredBy === undefined
          ? item.artefacts
              .map(({ name, bytes: size }) => (size === undefined ? name : `${name} (${bytes(size)})`))
              .join(", ")
          : `inside ${item.coveredBy}'s`,
      ];
    }),
  );

const restoreLines = (set: Manifest, { verdict, items }: Restorable): readonly string[] => {
  const usable = items.filter((item) => item.usable).map(({ instance }) => instance);
  const only = verdict === "partly" && usable.length < items.length ? ` --include-instances ${usable.join(",")}` : "";
  const partial = set.complete ? "" : " --allow-partial";
  return [
    `Restore: quiesce restore ${shellWord(set.deployment)} --name ${shellWord(set.name)} --kind ${set.kind}${only}${partial}`,
    `It overwrites in place: ${usable.join(", ")}. See what it stops: add --dry-run.`,
  ];
};
