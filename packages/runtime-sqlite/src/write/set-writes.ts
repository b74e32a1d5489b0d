import { adoption, unknownSet, type Adopted, type KeptSet, type Store } from "@quiesce/core";
import type { Tables } from "../table/tables.ts";
import type { GroupCommit } from "./group-commit.ts";

/** What is changed of sets beside their runs. */
export const setWrites = (tables: Tables, write: GroupCommit["write"]): Pick<Store, "annotate" | "adopt"> => ({
  annotate: (backup, note) =>
    write(() => {
      if (!tables.backups.annotate(backup, note)) throw unknownSet(backup);
    }),
  adopt: (sets) => write(() => adopt(tables, sets)),
});

const adopt = ({ backups, runs, meta }: Tables, sets: readonly KeptSet[]): Adopted => {
  const isEmpty = runs.isEmpty() && backups.isEmpty();
  const { adopted, manifests } = adoption(sets, { ...backups, id: meta.id(), isEmpty });
  meta.setId(adopted.store);
  for (const { items, ...header } of manifests) {
    backups.add(header);
    for (const item of items) backups.putItem(header.id, item);
  }
  return adopted;
};
