import { asId, isOwed, type DebtKey, type DebtState, type RunId } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { json, text } from "./row.ts";

export interface DebtTable {
  /** Keeps an open debt as it is now; drops one that is paid or void. */
  put(run: RunId, key: DebtKey, debt: DebtState): void;
  /** Open ones: by age of the run, then by age. */
  open(): readonly (DebtState & { readonly run: RunId })[];
}

export const debtTable = (db: DatabaseSync): DebtTable => {
  const put = db.prepare(`INSERT INTO debt (run, key, json) VALUES (?, ?, ?)
    ON CONFLICT (run, key) DO UPDATE SET json = excluded.json`);
  const drop = db.prepare("DELETE FROM debt WHERE run = ? AND key = ?");
  const open = db.prepare(`SELECT debt.run, debt.json FROM debt JOIN run ON run.id = debt.run
    ORDER BY run.ordinal, debt.rowid`);
  return {
    put: (run, key, debt) => {
      if (isOwed(debt)) put.run(run, key, JSON.stringify(debt));
      else drop.run(run, key);
    },
    open: () => open.all().map((row) => ({ ...json<DebtState>(row, "json"), run: asId<RunId>(text(row, "run")) })),
  };
};
