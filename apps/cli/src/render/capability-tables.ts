import {
  cellOf,
  kinds,
  labelOf,
  operationsOf,
  type Capability,
  type Kind,
  type Matrix,
} from "@quiesce/core/capability";
import { table } from "./table.ts";

/** The tables of all plugins, one per kind, and below each why a cell is less than yes. */
export const capabilityTables = (plugins: Readonly<Record<string, Matrix>>): string =>
  kinds.map((kind) => tableOf(kind, plugins)).join("\n\n");

const tableOf = (kind: Kind, plugins: Readonly<Record<string, Matrix>>): string => {
  const operations = operationsOf(kind);
  const rows = Object.entries(plugins).map(([name, matrix]) => [
    name,
    ...operations.map((operation) => labelFor(cellOf(matrix, kind, operation))),
  ]);
  const notes = Object.entries(plugins).flatMap(([name, matrix]) => notesOn(name, matrix, kind));
  const columns = [kind, ...operations].map((heading) => ({ heading }));
  return [table(columns, rows), ...notes].join("\n");
};

/** One line per reason, with all operations that it holds for. */
const notesOn = (plugin: string, matrix: Matrix, kind: Kind): readonly string[] => {
  const byReason = new Map<string, string[]>();
  for (const operation of operationsOf(kind)) {
    const cell = cellOf(matrix, kind, operation);
    if (cell === undefined || !("reason" in cell)) continue;
    const note = noteOn(cell);
    byReason.set(note, [...(byReason.get(note) ?? []), operation]);
  }
  return [...byReason].map(([note, operations]) => `  ${plugin} ${operations.join(", ")}: ${note}`);
};

const labelFor = (cell: Capability | undefined): string => (cell === undefined ? "-" : labelOf[cell.mode]);

const noteOn = (cell: Extract<Capability, { readonly reason: string }>): string =>
  cell.mode === "bypassed" ? `by ${cell.via.kind} ${cell.via.operation}: ${cell.reason}` : cell.reason;
