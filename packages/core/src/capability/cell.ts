import type { Kind, Operation } from "../vocabulary/operation.ts";
import type { Capability, Matrix, Mode, Restriction } from "./capability.ts";

/** The cell of a table, or undefined where the kind has no such column (`freeze` of a volume). */
export const cellOf = (matrix: Matrix, kind: Kind, operation: Operation): Capability | undefined =>
  (matrix[kind] as { readonly [O in Operation]?: Capability })[operation];

/** What is left of a declared cell after the restrictions that apply to it: only ever less. */
export const lowered = (declared: Capability, restrictions: readonly Restriction[]): Capability => {
  if (declared.mode === "no-api" || declared.mode === "not-applicable") return declared;
  const strongest = restrictions.find(({ mode }) => mode === "no-api") ?? restrictions[0];
  return strongest === undefined ? declared : { mode: strongest.mode, reason: strongest.reason };
};

/** How a mode is printed in the tables that users know. */
export const labelOf: Readonly<Record<Mode, string>> = {
  supported: "Y",
  "by-compare": "Y (By Compare)",
  "by-vm": "Y (By VM)",
  bypassed: "Y (Bypassed)",
  "no-api": "N (No API)",
  "not-applicable": "N (N/A)",
};
