import type { BackupId, DeploymentId, InstanceId } from "../model/id.ts";
import type { Manifest, ManifestItem } from "../model/manifest.ts";
import type { Catalogue } from "../ports/catalogue.ts";
import type { SetNote } from "../ports/store.ts";
import type { Change } from "../run/change.ts";
import type { SetKey } from "../run/set-made-by.ts";

interface BackupSet {
  /** Made by a run of this store. */
  readonly isOwn: boolean;
  readonly header: Omit<Manifest, "items">;
  readonly items: Map<InstanceId, ManifestItem>;
}

export interface MemoryCatalogue extends Catalogue {
  has(id: BackupId): boolean;
  /** A set of another id has this set's deployment, name and kind. */
  isTaken(set: SetKey): boolean;
  change(change: SetChange): void;
  readonly isEmpty: boolean;
  add(set: Manifest): void;
  /** False when there is no such set. */
  annotate(id: BackupId, note: SetNote): boolean;
}

export const memoryCatalogue = (): MemoryCatalogue => {
  const sets = new Map<BackupId, BackupSet>();
  const list = (deployment: DeploymentId | undefined): readonly Manifest[] =>
    newestFirst([...sets.values()])
      .filter(({ header }) => deployment === undefined || header.deployment === deployment)
      .map(({ header, items }) => ({ ...header, items: [...items.values()] }));
  return {
    has: (id) => sets.has(id),
    isTaken: ({ id, deployment, name, kind }) =>
      list(deployment).some((set) => set.id !== id && set.name === name && set.kind === kind),
    change: (change) => changeSets(sets, change),
    get isEmpty() {
      return sets.size === 0;
    },
    add: ({ items, ...header }) =>
      void sets.set(header.id, { isOwn: false, header, items: new Map(items.map((item) => [item.instance, item])) }),
    annotate: (id, note) => {
      const set = sets.get(id);
      if (set !== undefined) sets.set(id, { ...set, header: noted(set.header, note) });
      return set !== undefined;
    },
    find: async (deployment, nameOrId) =>
      list(deployment).filter(({ id, name }) => name === nameOrId || id === nameOrId),
    list: async ({ deployment }) => list(deployment),
  };
};

/** The sets of this store's runs lie in the order of those, and no time goes back; what was adopted has its time alone. */
const newestFirst = (sets: readonly BackupSet[]): readonly BackupSet[] => {
  let latest = "";
  const placed = sets.map((set) => {
    const { createdAt } = set.header;
    if (set.isOwn && createdAt > latest) latest = createdAt;
    return { set, since: set.isOwn ? latest : createdAt };
  });
  const later = placed.reverse().sort((a, b) => (a.since === b.since ? 0 : a.since < b.since ? 1 : -1));
  return later.map(({ set }) => set);
};

const noted = (
  { protected: was, ...header }: BackupSet["header"],
  { protected: now = was, checked }: SetNote,
): BackupSet["header"] => ({
  ...header,
  ...(now === true ? { protected: true } : {}),
  ...(checked === undefined ? {} : { checked }),
});

/** What a `Change` can be for the catalogue. */
type SetChange = Exclude<Change, { what: "put-suspended" | "drop-suspended" | "put-recovery" | "drop-recovery" }>;

const changeSets = (sets: Map<BackupId, BackupSet>, change: SetChange): void => {
  switch (change.what) {
    case "add-backup":
      if (!sets.has(change.manifest.id))
        sets.set(change.manifest.id, { isOwn: true, header: change.manifest, items: new Map() });
      return;
    case "complete-backup": {
      const set = sets.get(change.id);
      if (set !== undefined) sets.set(change.id, { ...set, header: { ...set.header, complete: true } });
      return;
    }
    case "drop-empty-backup":
      if (sets.get(change.id)?.items.size === 0) sets.delete(change.id);
      return;
    case "put-item":
      sets.get(change.id)?.items.set(change.item.instance, change.item);
      return;
    case "amend-item": {
      const items = sets.get(change.id)?.items;
      if (items?.has(change.item.instance) === true) items.set(change.item.instance, change.item);
      return;
    }
    case "drop-item":
      sets.get(change.id)?.items.delete(change.instance);
  }
};
