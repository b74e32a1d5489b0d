import {
  apply,
  emptyFold,
  indexPlan,
  project,
  setMadeBy,
  type InstanceId,
  type Manifest,
  type ManifestItem,
  type RunId,
} from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { isUnfinished } from "../recover/unfinished.ts";

export type SetOfRun =
  | { readonly is: "set"; readonly manifest: Manifest }
  | { readonly is: "none"; readonly why: string };

/**
 * The set that a run made, as its journal tells it, with those items that were whole once: also what was taken out of
 * the catalogue afterwards. What cannot be known is said.
 */
export const setOfRun = async (run: RunId, store: StateStore): Promise<SetOfRun> => {
  const loaded = await store.load(run);
  if (loaded === undefined) return none("its run is not known here, so nobody can tell what it holds");
  const { plan, record } = loaded;
  const key = setMadeBy(plan, run);
  if (key === undefined) return none(`its run was a ${plan.workflow}, which makes no set`);
  if (isUnfinished(record)) return none(`its run was not brought to its end: quiesce recover ${run}`);
  const known = (await store.catalogue.find(key.deployment, key.id)).find(({ id }) => id === key.id);
  if (known !== undefined)
    return none(`${known.kind} ${known.name} is in the catalogue without it, and sets are not added to`);
  const { header, items } = await told(run, indexPlan(plan), store);
  const whole = items.filter(({ status }) => status === "ok");
  if (header === undefined || whole.length === 0)
    return none("the journal of its run tells of no content that was whole");
  return { is: "set", manifest: { ...header, complete: record.status === "succeeded", items: whole } };
};

const none = (why: string): SetOfRun => ({ is: "none", why });

interface Told {
  readonly header: Omit<Manifest, "items"> | undefined;
  readonly items: readonly ManifestItem[];
}

/** What the catalogue was told in the course of the run, without what it was told to drop. */
const told = async (run: RunId, index: ReturnType<typeof indexPlan>, store: StateStore): Promise<Told> => {
  const fold = emptyFold();
  const items = new Map<InstanceId, ManifestItem>();
  let header: Told["header"];
  for (const event of await store.events(run, 0)) {
    apply(fold, event);
    for (const change of project(index, fold, event))
      if (change.what === "add-backup") header ??= change.manifest;
      else if (change.what === "put-item" || (change.what === "amend-item" && items.has(change.item.instance)))
        items.set(change.item.instance, change.item);
  }
  return { header, items: [...items.values()] };
};
