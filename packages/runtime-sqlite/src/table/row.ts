import { QuiesceError } from "@quiesce/core";
import type { SQLOutputValue } from "node:sqlite";

/** A row as the driver gives it. The readers below check what a column holds: the file may have been changed by hand. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

const damaged = (column: string, cause?: unknown): QuiesceError =>
  new QuiesceError("damaged", `The store holds an unreadable value in column ${column}.`, {
    hint: "Restore the store from a copy.",
    cause,
  });

export const text = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== "string") throw damaged(column);
  return value;
};

export const integer = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== "number") throw damaged(column);
  return value;
};

/** Undefined for SQL NULL. */
export const optional = <T>(row: Row, column: string, read: (row: Row, column: string) => T): T | undefined =>
  row[column] === null ? undefined : read(row, column);

/** The caller vouches for the type: only this package writes the column. */
export const json = <T>(row: Row, column: string): T => {
  const value = text(row, column);
  try {
    return JSON.parse(value) as T;
  } catch (error) {
    throw damaged(column, error);
  }
};
