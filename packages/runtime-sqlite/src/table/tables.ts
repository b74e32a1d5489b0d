import type { DatabaseSync } from "node:sqlite";
import { backupTable, type BackupTable } from "./backup-table.ts";
import { claimTable, type ClaimTable } from "./claim-table.ts";
import { debtTable, type DebtTable } from "./debt-table.ts";
import { eventTable, type EventTable } from "./event-table.ts";
import { lockTable, type LockTable } from "./lock-table.ts";
import { metaTable, type MetaTable } from "./meta-table.ts";
import { recoveryTable, type RecoveryTable } from "./recovery-table.ts";
import { registeredTable, type RegisteredTable } from "./registered-table.ts";
import { runTable, type RunTable } from "./run-table.ts";
import { suspendedTable, type SuspendedTable } from "./suspended-table.ts";

/** The tables of one open file; their functions are synchronous, and a change is durable when its transaction is. */
export interface Tables {
  readonly meta: MetaTable;
  readonly runs: RunTable;
  readonly events: EventTable;
  readonly locks: LockTable;
  readonly claims: ClaimTable;
  readonly debts: DebtTable;
  readonly backups: BackupTable;
  readonly suspended: SuspendedTable;
  readonly recoveries: RecoveryTable;
  readonly registered: RegisteredTable;
}

export const openTables = (db: DatabaseSync): Tables => ({
  meta: metaTable(db),
  runs: runTable(db),
  events: eventTable(db),
  locks: lockTable(db),
  claims: claimTable(db),
  debts: debtTable(db),
  backups: backupTable(db),
  suspended: suspendedTable(db),
  recoveries: recoveryTable(db),
  registered: registeredTable(db),
});
