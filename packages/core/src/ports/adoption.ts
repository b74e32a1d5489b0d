import type { BackupId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import type { SetKey } from "../run/set-made-by.ts";
import type { KeptSet } from "./repository.ts";

/** What became of sets that a store was given. */
export interface Adopted {
  /** The store's id from now on. */
  readonly store: string;
  readonly added: readonly BackupId[];
  /** Sets that were there already, with this id; nothing of them was changed. */
  readonly left: readonly BackupId[];
  readonly refused: readonly { readonly set: SetKey; readonly reason: string }[];
}

/** What a store must look up of itself. */
export interface Adopter {
  readonly id: string;
  /** It has neither a run nor a set. */
  readonly isEmpty: boolean;
  has(id: BackupId): boolean;
  isTaken(set: SetKey): boolean;
}

/**
 * Which sets a store takes, as it must keep them: the same for every store. An empty store whose sets come all from
 * one other store takes that store's id, so that what the lost store made is its own again. Else a set of another
 * store is marked as such.
 */
export const adoption = (
  sets: readonly KeptSet[],
  into: Adopter,
): { readonly adopted: Adopted; readonly manifests: readonly Manifest[] } => {
  const makers = new Set(sets.map(({ store }) => store));
  const [only] = makers;
  const store = into.isEmpty && makers.size === 1 && only !== undefined ? only : into.id;
  const manifests: Manifest[] = [];
  const left: BackupId[] = [];
  const refused: Adopted["refused"][number][] = [];
  for (const { store: maker, manifest } of sets) {
    const { store: _, ...set } = manifest;
    const twin = manifests.find((one) => isSameName(one, set));
    if (into.has(set.id) || twin?.id === set.id) left.push(set.id);
    else if (into.isTaken(set) || twin !== undefined)
      refused.push({
        set: keyOf(set),
        reason: `Deployment ${set.deployment} has another ${set.kind} named ${set.name}.`,
      });
    else manifests.push(maker === store ? set : { ...set, store: maker });
  }
  return { adopted: { store, added: manifests.map(({ id }) => id), left, refused }, manifests };
};

const isSameName = (a: SetKey, b: SetKey): boolean =>
  a.deployment === b.deployment && a.name === b.name && a.kind === b.kind;

const keyOf = ({ id, deployment, name, kind }: SetKey): SetKey => ({ id, deployment, name, kind });
