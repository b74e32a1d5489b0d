import type { Operation, Kind } from "../vocabulary/operation.ts";
import type { Matrix } from "./capability.ts";

// Constructors of cells, so that a plugin's capabilities.ts reads as the table that it is.
// `since` is the version of our package in which the cell became true.

export const supported = <const S extends string>(since: S) => ({ mode: "supported", since }) as const;
/** A create that holds something at the provider until its bytes are moved: its handler prepares and releases. */
export const holding = <const S extends string>(since: S) => ({ mode: "supported", since, holds: true }) as const;
export const byCompare = <const S extends string>(since: S) => ({ mode: "by-compare", since }) as const;
export const byVm = <const S extends string>(since: S) => ({ mode: "by-vm", since }) as const;
export const bypassed = <const S extends string, const R extends string>(
  since: S,
  via: { readonly kind: Kind; readonly operation: Operation },
  reason: R,
) => ({ mode: "bypassed", since, via, reason }) as const;
export const noApi = <const R extends string>(reason: R) => ({ mode: "no-api", reason }) as const;
export const notApplicable = <const R extends string>(reason: R) => ({ mode: "not-applicable", reason }) as const;

/** Checks that every cell is declared and keeps each cell's mode in the type. */
export const defineCapabilities = <const M extends Matrix>(matrix: M): M => matrix;
