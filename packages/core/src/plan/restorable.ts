import type { Manifest, ManifestItem } from "../model/manifest.ts";
import type { Operation } from "../vocabulary/operation.ts";
import type { Member } from "./member.ts";
import { byBackupId, chainOf } from "../retention/chain.ts";
import { effectiveCell, modeOf } from "./cell.ts";
import { omit } from "./findings.ts";
import { refuse } from "./route.ts";
import type { Planning } from "./world.ts";

/** Items whose content is whole, down to the set that all build on. */
export const restorable = (
  planning: Planning,
  members: readonly Member[],
  set: Manifest,
  operation: Operation,
): readonly Member[] =>
  members.filter((member) => {
    if (member.item === undefined) return true;
    const why = brokenBy(member.item, set);
    if (why !== undefined) refuse(planning, member, operation, why);
    return why === undefined && isChainWhole(planning, member, member.item, set, operation);
  });

/** Items whose object is still the one that they were taken from. */
export const stillThere = (planning: Planning, members: readonly Member[], set: Manifest): readonly Member[] =>
  members.filter((member) => isStillThere(planning, member, set));

const isChainWhole = (
  { world, findings }: Planning,
  member: Member,
  item: ManifestItem,
  set: Manifest,
  operation: Operation,
): boolean => {
  // Who plans without the catalogue cannot tell whether a parent is there; the run finds out.
  if (item.parent !== undefined && world.sets.length === 0) return true;
  const chain = chainOf(set, item.instance, byBackupId(world.sets));
  if (chain.is === "whole") return true;
  if (world.options.allowSkip) {
    omit(findings, member, operation, modeOf(effectiveCell(world, member, operation)), "allowed", chain.reason);
    return false;
  }
  findings.problems.push({
    code: "damaged",
    instance: member.id,
    message: `${member.id} cannot be restored from ${set.kind} ${set.name}: ${chain.reason}.`,
    hint: `Restore another set, leave ${member.id} out, or allow less with --allow-skip.`,
  });
  return false;
};

const brokenBy = ({ status }: ManifestItem, { kind, name }: Manifest): string | undefined => {
  switch (status) {
    case "ok":
      return undefined;
    case "captured":
      return `its bytes never arrived whole in ${kind} ${name}.`;
    case "failed":
      return `its capture for ${kind} ${name} failed.`;
  }
};

/**
 * The file's name may lead to another object by now. A snapshot is gone with its parent; a backup outlives it, and
 * the provider decides whether it can make the object again.
 */
const isStillThere = ({ world, findings }: Planning, { id, target, item }: Member, set: Manifest): boolean => {
  const found = world.surveys.get(id);
  if (item !== undefined && found !== undefined && found.providerId !== target.providerId) {
    findings.problems.push({
      code: "not-found",
      instance: id,
      message: `${id} is ${found.providerId} now, but ${set.kind} ${set.name} was taken of ${target.providerId}. Nothing else is overwritten.`,
      hint: `Leave ${id} out, or let it name ${target.providerId} again.`,
    });
    return false;
  }
  const missing = world.unsurveyed.get(id);
  if (missing === undefined) return true;
  if (set.kind === "backup" && missing.is === "missing") {
    findings.notes.push({
      about: id,
      message: `${id} (${target.providerId}) is gone: the restore has to make it again.`,
    });
    return true;
  }
  findings.problems.push({
    code: missing.is === "missing" ? "not-found" : "ambiguous",
    instance: id,
    message: `${id} (${target.providerId}) cannot be restored in place: ${missing.reason}${missing.ids.length === 0 ? "" : ` (${missing.ids.join(", ")})`}`,
  });
  return false;
};
