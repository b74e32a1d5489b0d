import type {
  BackupId,
  DeploymentId,
  InstanceId,
  Manifest,
  ManifestItem,
  SetCheck,
  SetKey,
  SetNote,
} from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { integer, json, optional, text, type Row } from "./row.ts";

type Header = Omit<Manifest, "items">;

export interface BackupTable {
  isEmpty(): boolean;
  has(id: BackupId): boolean;
  /** A set of another id has this set's deployment, name and kind. */
  isTaken(set: SetKey): boolean;
  /** Changes nothing when there is a set with this id. */
  add(header: Header): void;
  complete(id: BackupId): void;
  /** False when there is no such set. */
  annotate(id: BackupId, note: SetNote): boolean;
  dropEmpty(id: BackupId): void;
  putItem(id: BackupId, item: ManifestItem): void;
  /** Changes nothing when there is none of this instance. */
  amendItem(id: BackupId, item: ManifestItem): void;
  dropItem(id: BackupId, instance: InstanceId): void;
  /** Newest first: what a later run made is newer, whatever the clock said. */
  list(filter: { readonly deployment?: DeploymentId; readonly nameOrId?: string }): readonly Manifest[];
}

export const backupTable = (db: DatabaseSync): BackupTable => {
  const has = db.prepare("SELECT 1 FROM backup WHERE id = ?");
  const taken = db.prepare("SELECT 1 FROM backup WHERE deployment = ? AND name = ? AND kind = ? AND id <> ?");
  const any = db.prepare("SELECT 1 FROM backup LIMIT 1");
  const add = db.prepare(`INSERT INTO backup
    (id, deployment, name, kind, created_at, complete, json, protected, checked_json, store)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  const annotate = db.prepare(`UPDATE backup
    SET protected = coalesce(?2, protected), checked_json = coalesce(?3, checked_json) WHERE id = ?1`);
  const complete = db.prepare("UPDATE backup SET complete = 1 WHERE id = ?");
  const dropEmpty = db.prepare(`DELETE FROM backup WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM backup_item WHERE backup = ?1)`);
  const putItem = db.prepare(`INSERT INTO backup_item (backup, instance, json) VALUES (?, ?, ?)
    ON CONFLICT (backup, instance) DO UPDATE SET json = excluded.json`);
  const amendItem = db.prepare("UPDATE backup_item SET json = ? WHERE backup = ? AND instance = ?");
  const dropItem = db.prepare("DELETE FROM backup_item WHERE backup = ? AND instance = ?");
  // The sets of this store's runs lie in the order of those, and no time goes back; what was adopted has its time alone.
  const list = db.prepare(`SELECT complete, json, protected, checked_json, store,
      (SELECT json_group_array(json(item.json) ORDER BY item.rowid) FROM backup_item AS item
       WHERE item.backup = backup.id) AS items
    FROM backup JOIN (SELECT made.id AS placed, iif(run.id IS NULL, created_at,
        max(created_at) OVER (PARTITION BY run.id IS NULL ORDER BY made.rowid)) AS since
      FROM backup AS made LEFT JOIN run ON run.id = made.id) ON placed = backup.id
    WHERE (?1 IS NULL OR deployment = ?1) AND (?2 IS NULL OR name = ?2 OR id = ?2)
    ORDER BY since DESC, backup.rowid DESC`);
  return {
    isEmpty: () => any.get() === undefined,
    has: (id) => has.get(id) !== undefined,
    isTaken: ({ id, deployment, name, kind }) => taken.get(deployment, name, kind, id) !== undefined,
    add: ({ complete: isComplete, protected: isProtected, checked, store, ...header }) => {
      const { id, deployment, name, kind, createdAt } = header;
      const key = [id, deployment, name, kind, createdAt];
      const notes = [Number(isProtected === true), jsonOrNull(checked), store ?? null];
      add.run(...key, Number(isComplete), JSON.stringify(header), ...notes);
    },
    complete: (id) => void complete.run(id),
    annotate: (id, { protected: isProtected, checked }) =>
      annotate.run(id, isProtected === undefined ? null : Number(isProtected), jsonOrNull(checked)).changes === 1,
    dropEmpty: (id) => void dropEmpty.run(id),
    putItem: (id, item) => void putItem.run(id, item.instance, JSON.stringify(item)),
    amendItem: (id, item) => void amendItem.run(JSON.stringify(item), id, item.instance),
    dropItem: (id, instance) => void dropItem.run(id, instance),
    list: ({ deployment, nameOrId }) => list.all(deployment ?? null, nameOrId ?? null).map(manifestOf),
  };
};

const jsonOrNull = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value));

const manifestOf = (row: Row): Manifest => {
  const checked = optional(row, "checked_json", json<SetCheck>);
  const store = optional(row, "store", text);
  return {
    ...json<Omit<Header, "complete">>(row, "json"),
    complete: integer(row, "complete") === 1,
    ...(integer(row, "protected") === 1 ? { protected: true } : {}),
    ...(checked === undefined ? {} : { checked }),
    ...(store === undefined ? {} : { store }),
    items: json<readonly ManifestItem[]>(row, "items"),
  };
};
