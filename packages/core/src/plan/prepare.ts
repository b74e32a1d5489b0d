import { freezesOf, type Freezes, type Frozen } from "./freeze.ts";
import type { Member } from "./member.ts";
import { freezeRouteOf } from "./quiesce.ts";
import { shapeOf } from "./shape.ts";
import type { Planning } from "./world.ts";

/** Networks and volumes, then machines, then what runs in them. */
const restoreLinks = 3;

/**
 * The bound freezes of a restore: a service is stopped before its content changes under it, and started afterwards.
 * A provider's own freeze has no use for a machine that is about to be replaced.
 */
export const preparationsOf = (planning: Planning, members: readonly Member[]): Freezes => {
  const { options } = planning.world;
  const frozen = members.flatMap((member): readonly Frozen[] => {
    if (member.instance.bound.freeze === undefined) return [];
    const route = freezeRouteOf(planning, member, () => false);
    return route === undefined ? [] : [{ member, route }];
  });
  const { retry, timeoutMs } = shapeOf("backup.restore", options);
  // Not before the content is back: a watchdog must not start a service on a disk that is half restored.
  const heldMs = options.timeoutMs.freeze + restoreLinks * retry.attempts * timeoutMs + options.timeoutMs.thaw;
  return freezesOf(planning, frozen, () => heldMs);
};
