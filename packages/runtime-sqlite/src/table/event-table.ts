import type { Recorded, RunId } from "@quiesce/core";
import type { DatabaseSync } from "node:sqlite";
import { json } from "./row.ts";

export interface EventTable {
  /** `event` is the JSON of one recorded event. */
  append(run: RunId, seq: number, event: string): void;
  /** Those with position `from` and later, in order. */
  from(run: RunId, from: number): readonly Recorded[];
}

export const eventTable = (db: DatabaseSync): EventTable => {
  const append = db.prepare("INSERT INTO event (run, seq, json) VALUES (?, ?, ?)");
  const from = db.prepare("SELECT json FROM event WHERE run = ? AND seq >= ? ORDER BY seq");
  return {
    append: (run, seq, event) => void append.run(run, seq, event),
    from: (run, seq) => from.all(run, seq).map((row) => json<Recorded>(row, "json")),
  };
};
