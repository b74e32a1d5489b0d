import type { Claim, RunId } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { integer } from "./row.ts";

export interface ClaimTable {
  /** Raises the token: every older claim on the same chain fails from now on. */
  raise(run: RunId, chain: Claim["chain"], worker: string): Claim;
  /** Fences every claim of the run. */
  fence(run: RunId): void;
  isCurrent(claim: Claim): boolean;
}

export const claimTable = (db: DatabaseSync): ClaimTable => {
  const raise = db.prepare(`INSERT INTO claim (run, chain, token, worker) VALUES (?, ?, 1, ?)
    ON CONFLICT (run, chain) DO UPDATE SET token = token + 1, worker = excluded.worker RETURNING token`);
  const fence = db.prepare("UPDATE claim SET token = token + 1 WHERE run = ?");
  const current = db.prepare("SELECT 1 FROM claim WHERE run = ? AND chain = ? AND token = ?");
  return {
    raise: (run, chain, worker) => ({ run, chain, token: integer(raise.get(run, chain, worker) ?? {}, "token") }),
    fence: (run) => void fence.run(run),
    isCurrent: ({ run, chain, token }) => current.get(run, chain, token) !== undefined,
  };
};
