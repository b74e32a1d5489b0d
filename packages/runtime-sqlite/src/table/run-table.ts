import type { Deployment, DeploymentId, Instant, NewRun, Plan, RunId, RunRecord, RunStatus } from "@quiesce/core";
import { asId } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { instantOf } from "./instant.ts";
import { integer, json, optional, text, type Row } from "./row.ts";

const recordColumns = `id, workflow, deployment, started_at, settled_at, status, worker, held_until,
  (SELECT count(*) FROM debt WHERE debt.run = run.id) AS open_debts`;

interface StoredRun {
  readonly plan: Plan;
  readonly deployment: Deployment;
  readonly record: RunRecord;
}

export interface RunTable {
  insert(run: NewRun): void;
  isEmpty(): boolean;
  has(run: RunId): boolean;
  isSettled(run: RunId): boolean;
  settle(run: RunId, status: RunStatus, at: Instant): void;
  setWorker(run: RunId, worker: string): void;
  plan(run: RunId): Plan | undefined;
  load(run: RunId): StoredRun | undefined;
  /** Newest first. */
  list(filter: { readonly deployment?: DeploymentId; readonly open?: boolean }): readonly RunRecord[];
}

export const runTable = (db: DatabaseSync): RunTable => {
  const insert = db.prepare(`INSERT INTO run
    (id, deployment, workflow, started_at, status, worker, ttl_ms, plan_json, deployment_json)
    VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?)`);
  const any = db.prepare("SELECT 1 FROM run LIMIT 1");
  const status = db.prepare("SELECT status FROM run WHERE id = ?");
  const settle = db.prepare("UPDATE run SET status = ?, settled_at = ? WHERE id = ?");
  const setWorker = db.prepare("UPDATE run SET worker = ? WHERE id = ?");
  const plan = db.prepare("SELECT plan_json FROM run WHERE id = ?");
  const load = db.prepare(`SELECT ${recordColumns}, plan_json, deployment_json FROM run WHERE id = ?`);
  const list = db.prepare(`SELECT ${recordColumns} FROM run
    WHERE (?1 IS NULL OR deployment = ?1) AND (?2 IS NULL OR (status = 'running') = ?2) ORDER BY ordinal DESC`);
  return {
    insert: ({ run, plan, deployment, at, worker, ttlMs }) => {
      const documents = [JSON.stringify(plan), JSON.stringify(deployment)];
      insert.run(run, plan.deployment, plan.workflow, at, worker, ttlMs, ...documents);
    },
    isEmpty: () => any.get() === undefined,
    has: (run) => status.get(run) !== undefined,
    isSettled: (run) => status.get(run)?.["status"] !== "running",
    settle: (run, as, at) => void settle.run(as, at, run),
    setWorker: (run, worker) => void setWorker.run(worker, run),
    plan: (run) => {
      const row = plan.get(run);
      return row && json<Plan>(row, "plan_json");
    },
    load: (run) => {
      const row = load.get(run);
      return (
        row && {
          plan: json<Plan>(row, "plan_json"),
          deployment: json<Deployment>(row, "deployment_json"),
          record: recordOf(row),
        }
      );
    },
    list: ({ deployment, open }) =>
      list.all(deployment ?? null, open === undefined ? null : Number(open)).map(recordOf),
  };
};

const recordOf = (row: Row): RunRecord => {
  const settledAt = optional(row, "settled_at", text);
  const heldUntil = optional(row, "held_until", integer);
  return {
    run: asId(text(row, "id")),
    workflow: text(row, "workflow") as RunRecord["workflow"],
    deployment: asId(text(row, "deployment")),
    startedAt: asId(text(row, "started_at")),
    ...(settledAt === undefined ? {} : { settledAt: asId<Instant>(settledAt) }),
    status: text(row, "status") as RunRecord["status"],
    worker: text(row, "worker"),
    openDebts: integer(row, "open_debts"),
    ...(heldUntil === undefined ? {} : { heldUntil: instantOf(heldUntil) }),
  };
};
