import type { BackupId, DeploymentId, InstanceId, Manifest, ManifestItem, SetKey } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { integer, json, type Row } from "./row.ts";

type Header = Omit<Manifest, "items">;

export interface BackupTable {
  has(id: BackupId): boolean;
  /** A set of another id has this set's deployment, name and kind. */
  isTaken(set: SetKey): boolean;
  /** Changes nothing when there is a set with this id. */
  add(header: Header): void;
  complete(id: BackupId): void;
  dropEmpty(id: BackupId): void;
  putItem(id: BackupId, item: ManifestItem): void;
  dropItem(id: BackupId, instance: InstanceId): void;
  /** Newest first. */
  list(filter: { readonly deployment?: DeploymentId; readonly nameOrId?: string }): readonly Manifest[];
}

export const backupTable = (db: DatabaseSync): BackupTable => {
  const has = db.prepare("SELECT 1 FROM backup WHERE id = ?");
  const taken = db.prepare("SELECT 1 FROM backup WHERE deployment = ? AND name = ? AND kind = ? AND id <> ?");
  const add = db.prepare(`INSERT INTO backup (id, deployment, name, kind, created_at, complete, json)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`);
  const complete = db.prepare("UPDATE backup SET complete = 1 WHERE id = ?");
  const dropEmpty = db.prepare(`DELETE FROM backup WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM backup_item WHERE backup = ?1)`);
  const putItem = db.prepare(`INSERT INTO backup_item (backup, instance, json) VALUES (?, ?, ?)
    ON CONFLICT (backup, instance) DO UPDATE SET json = excluded.json`);
  const dropItem = db.prepare("DELETE FROM backup_item WHERE backup = ? AND instance = ?");
  const list = db.prepare(`SELECT complete, json,
      (SELECT json_group_array(json(item.json) ORDER BY item.rowid) FROM backup_item AS item
       WHERE item.backup = backup.id) AS items
    FROM backup WHERE (?1 IS NULL OR deployment = ?1) AND (?2 IS NULL OR name = ?2 OR id = ?2)
    ORDER BY created_at DESC, backup.rowid DESC`);
  return {
    has: (id) => has.get(id) !== undefined,
    isTaken: ({ id, deployment, name, kind }) => taken.get(deployment, name, kind, id) !== undefined,
    add: ({ complete: isComplete, ...header }) => {
      const { id, deployment, name, kind, createdAt } = header;
      add.run(id, deployment, name, kind, createdAt, Number(isComplete), JSON.stringify(header));
    },
    complete: (id) => void complete.run(id),
    dropEmpty: (id) => void dropEmpty.run(id),
    putItem: (id, item) => void putItem.run(id, item.instance, JSON.stringify(item)),
    dropItem: (id, instance) => void dropItem.run(id, instance),
    list: ({ deployment, nameOrId }) => list.all(deployment ?? null, nameOrId ?? null).map(manifestOf),
  };
};

const manifestOf = (row: Row): Manifest => ({
  ...json<Omit<Header, "complete">>(row, "json"),
  complete: integer(row, "complete") === 1,
  items: json<readonly ManifestItem[]>(row, "items"),
});
