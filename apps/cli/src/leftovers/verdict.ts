import type { Manifest, RunId, RunRecord } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { objectKey, objectsOf } from "../records/objects-of.ts";
import { isUnfinished } from "../recover/unfinished.ts";
import { lifeOf } from "../worker/run-life.ts";
import type { Listed } from "./listed.ts";

/**
 * `left-over`: nothing names it. `unknown-run`: the same, but this store does not know its run, so that another copy of
 * the store might. `unfinished`: its run has not ended, or owes something, and its process is gone. `busy`: a run works
 * on its machine just now. `other-store`: not ours.
 */
export type Verdict = "left-over" | "unknown-run" | "unfinished" | "busy" | "other-store";

export interface Leftover {
  readonly listed: Listed;
  readonly verdict: Verdict;
  /** Why it is one; for people. */
  readonly reason: string;
}

/**
 * What of a listing is left over. Reads the store after the lists were made: a run is stored before it makes anything,
 * so nothing that was listed belongs to a run that is not known by now.
 */
export const leftoversOf = async (
  listed: readonly Listed[],
  store: StateStore,
  nowMs: number,
): Promise<readonly Leftover[]> => {
  const runs = new Map((await store.runs({})).map((record) => [record.run, record]));
  const named = namesOf(await store.catalogue.list({}));
  // Whatever such a run made may be a part of its way back; which part is the plugin's to know.
  const waysBack = new Set((await store.recoveries({})).map(({ run }) => run));
  const busy = await busyObjects(store, [...runs.values()], nowMs);
  return listed.flatMap((one): readonly Leftover[] => {
    const { store: owner, run } = one.tag;
    if (owner !== store.id) return [{ listed: one, verdict: "other-store", reason: `made by the store ${owner}` }];
    if (isNamed(one, named) || waysBack.has(run)) return [];
    const record = runs.get(run);
    if (record !== undefined && isUnfinished(record)) return ofUnfinished(one, record, nowMs);
    const worker = one.at === "provider" ? busy.get(objectKey(one.account, one.artefact.owner)) : undefined;
    if (worker !== undefined) return [{ listed: one, verdict: "busy", reason: `run ${worker} works there just now` }];
    return record === undefined
      ? [{ listed: one, verdict: "unknown-run", reason: "its run is not known here; name it to remove it" }]
      : [{ listed: one, verdict: "left-over", reason: `its run ended as ${record.status}` }];
  });
};

const ofUnfinished = (listed: Listed, record: RunRecord, nowMs: number): readonly Leftover[] =>
  lifeOf(record, nowMs).is === "gone"
    ? [
        {
          listed,
          verdict: "unfinished",
          reason: `run ${record.run} was not brought to its end: quiesce recover ${record.run}`,
        },
      ]
    : [];

interface Names {
  readonly artefacts: ReadonlySet<string>;
  readonly runs: ReadonlySet<RunId>;
  readonly sets: ReadonlySet<string>;
}

const namesOf = (sets: readonly Manifest[]): Names => ({
  artefacts: new Set(
    sets.flatMap(({ items }) =>
      items.flatMap(({ artefacts, base }) => [...artefacts.map(({ id }) => id), ...(base === undefined ? [] : [base])]),
    ),
  ),
  runs: new Set(sets.map(({ run }) => run)),
  sets: new Set(sets.map(({ id }) => id)),
});

/** A folder without a manifest belongs to a listed set of its run, whose files it holds. */
const isNamed = (one: Listed, { artefacts, runs, sets }: Names): boolean => {
  if (one.at === "provider") return artefacts.has(one.id);
  return one.whole === undefined ? runs.has(one.tag.run) : sets.has(one.id);
};

/** What runs work on just now. */
const busyObjects = async (
  store: StateStore,
  runs: readonly RunRecord[],
  nowMs: number,
): Promise<ReadonlyMap<string, RunId>> => {
  const objects = new Map<string, RunId>();
  for (const record of runs) {
    if (record.settledAt !== undefined || lifeOf(record, nowMs).is === "gone") continue;
    const loaded = await store.load(record.run);
    for (const object of loaded === undefined ? [] : objectsOf(loaded.plan)) objects.set(object, record.run);
  }
  return objects;
};
