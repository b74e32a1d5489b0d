// The small entry `@quiesce/core/capability`: what a table of capabilities needs, and nothing that runs.
export type { Capability, CellRef, Matrix, Mode, Restriction } from "./capability/capability.ts";
export {
  byCompare,
  bypassed,
  byVm,
  defineCapabilities,
  holding,
  noApi,
  notApplicable,
  supported,
} from "./capability/declare.ts";
export { cellOf, labelOf, lowered } from "./capability/cell.ts";
export { kinds, operations, operationsOf } from "./vocabulary/operation.ts";
export type { Kind, Operation } from "./vocabulary/operation.ts";
