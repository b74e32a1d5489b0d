import type { Instance } from "../model/deployment.ts";
import type { Draft } from "./draft.ts";
import { memberOf } from "./member.ts";
import { draftPower } from "./power.ts";
import { select } from "./select.ts";
import type { Planning } from "./world.ts";

/** Bound services, then machines; dependents first. What an earlier suspend recorded stays the state to go back to. */
export const draftSuspend = (planning: Planning): Draft => {
  const { world, findings } = planning;
  const ids = select(planning, new Set(world.instances.keys()));
  const concerned = ids.filter((id) => hasPower(world.instances.get(id), "suspend"));
  if (ids.length > 0 && concerned.length === 0)
    findings.problems.push({
      code: "empty-selection",
      message: "Nothing would be suspended: no selected instance is a machine or binds suspend.",
      hint: "Select machines.",
    });
  const members = concerned.flatMap((id) => memberOf(planning, id) ?? []);
  return draftPower(planning, members, "suspend", ({ id }) => {
    const prior = world.suspended.get(id);
    return prior === undefined ? {} : { prior };
  });
};

/** Volumes and networks have no power state: without a binding they do not take part, and need no survey. */
export const hasPower = (instance: Instance | undefined, operation: "suspend" | "resume"): boolean =>
  instance?.kind === "vm" || instance?.kind === "other" || instance?.bound[operation] !== undefined;
