import type { InstanceId } from "../model/id.ts";
import type { ManifestItem } from "../model/manifest.ts";
import type { BackupKind } from "../vocabulary/operation.ts";
import { effectiveCell } from "./cell.ts";
import { oweThaw, type Owed, type Thaw } from "./debts.ts";
import type { Member } from "./member.ts";
import type { Step } from "./plan.ts";
import type { Planning } from "./world.ts";

/**
 * A machine that was captured frozen may come back frozen, with an old clock: its restore owes a thaw. `prepared`
 * members are thawed by their own binding anyway.
 *
 * Only memory comes back frozen. A snapshot may hold memory whatever its item calls its consistency, so that a thaw too
 * many is owed rather than one too few. A set of kind backup holds disks: its guest boots fresh, reads its clock from
 * the machine, and nothing in it is frozen; unless the item says that memory is what was kept.
 */
export const owedByRestore = (
  planning: Planning,
  member: Member,
  restore: Step["key"],
  kind: BackupKind,
  prepared: ReadonlySet<InstanceId>,
): Owed | undefined => {
  const { world, findings } = planning;
  if (member.target.kind !== "vm" || member.item === undefined || prepared.has(member.id)) return undefined;
  if (!mayReturnFrozen(member.item, kind)) return undefined;
  const thaw = thawLater(planning, member);
  if (thaw !== undefined) return oweThaw(world, member, restore, thaw, world.options.freezeDeadlineMs, false);
  const message = `${member.id} was captured frozen, and nothing here can thaw it: look at it after the restore.`;
  findings.notes.push({ about: member.id, message });
  return undefined;
};

const mayReturnFrozen = ({ consistency, freezeWindowMs }: ManifestItem, kind: BackupKind): boolean =>
  (kind === "snapshot" || consistency === "memory") &&
  (consistency === "fs" || consistency === "app" || freezeWindowMs !== undefined);

/** By what the provider declares: whether the agent answers now says nothing about the guest that comes back. */
const thawLater = ({ world }: Planning, member: Member): Thaw | undefined => {
  const cell = effectiveCell(world, member, "thaw");
  if (cell.is === "declared") return cell.declared.mode === "supported" ? { by: "provider" } : undefined;
  if (cell.is !== "bound") return undefined;
  const [call, ...more] = cell.calls;
  return more.length === 0 && world.runners.has(call.runner) ? { by: "call", call, index: 0 } : undefined;
};
