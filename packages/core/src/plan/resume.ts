import { effectiveCell, modeOf } from "./cell.ts";
import type { Draft } from "./draft.ts";
import { omit } from "./findings.ts";
import { memberOf, writtenMember, type Member } from "./member.ts";
import { draftPower } from "./power.ts";
import { select } from "./select.ts";
import { hasPower } from "./suspend.ts";
import type { Planning } from "./world.ts";

/** Machines, then bound services; dependencies first. Only what we suspended is resumed, to the state that it had. */
export const draftResume = (planning: Planning): Draft => {
  const { world, findings } = planning;
  const ids = select(planning, new Set(world.instances.keys()));
  const members = ids.flatMap((id): readonly Member[] => {
    const instance = world.instances.get(id);
    if (instance === undefined || !hasPower(instance, "resume")) return [];
    if (world.suspended.has(id)) return [memberOf(planning, id) ?? []].flat();
    const written = writtenMember(id, instance);
    const mode = modeOf(effectiveCell(world, written, "resume"));
    omit(findings, written, "resume", mode, "nothing-to-do", "it was not suspended by us");
    return [];
  });
  return draftPower(planning, members, "resume", ({ id }) => ({ prior: world.suspended.get(id) ?? {} }));
};
