import type { Capability, Mode } from "../capability/capability.ts";
import { cellOf, lowered } from "../capability/cell.ts";
import type { Call } from "../model/deployment.ts";
import type { ProviderName } from "../model/id.ts";
import type { Some } from "../model/some.ts";
import type { Operation } from "../vocabulary/operation.ts";
import type { Member } from "./member.ts";
import { restrictionsOf, type Restricted } from "./restrictions.ts";
import type { World } from "./world.ts";

/** What can be done for one operation of one instance. */
export type Cell =
  /** A binding replaces whatever the provider has. */
  | { readonly is: "bound"; readonly calls: Some<Call> }
  | { readonly is: "declared"; readonly declared: Capability; readonly now: Capability; readonly fix?: string }
  /** Its kind has this operation by binding only, and nothing is bound. */
  | { readonly is: "unbound" }
  /** The table of its kind has no such column. */
  | { readonly is: "no-column" }
  | { readonly is: "no-table"; readonly provider: ProviderName };

const unrestricted: Restricted = { everywhere: [], of: new Map() };

/** The effective cell: a binding, else what is declared less what the connection and the survey take away. */
export const effectiveCell = (world: World, member: Member, operation: Operation): Cell => {
  const { instance, provider, target } = member;
  const calls = instance.bound[operation];
  if (calls !== undefined) return { is: "bound", calls };
  if (target.kind === "other" || provider === undefined) return { is: "unbound" };
  const matrix = world.matrices.get(provider);
  if (matrix === undefined) return { is: "no-table", provider };
  const declared = cellOf(matrix, target.kind, operation);
  if (declared === undefined) return { is: "no-column" };
  const restricted = world.restrictions.get(provider) ?? unrestricted;
  const restrictions = restrictionsOf(restricted, { kind: target.kind, operation }, member.id, member.survey);
  const fix = restrictions.find((r) => r.mode === "no-api" && r.fix !== undefined)?.fix;
  return { is: "declared", declared, now: lowered(declared, restrictions), ...(fix === undefined ? {} : { fix }) };
};

/** The mode that a result shows for an operation that was not done. */
export const modeOf = (cell: Cell): Mode | "bound" => {
  if (cell.is === "bound") return "bound";
  return cell.is === "declared" ? cell.now.mode : "not-applicable";
};
