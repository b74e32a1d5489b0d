import type { InstanceId } from "../model/id.ts";
import type { Manifest, ManifestItem } from "../model/manifest.ts";
import { closureOf } from "../retention/closure-of.ts";
import type { Planning } from "./world.ts";

/** A protected set stays, and so does what another set builds on. */
export const checkRemovable = ({ world, findings }: Planning, set: Manifest, items: readonly ManifestItem[]): void => {
  if (set.protected === true)
    findings.problems.push({
      code: "protected",
      message: `${set.kind} ${set.name} is protected: it is not removed.`,
      hint: `Take its protection away first: quiesce backups unprotect ${world.deployment} ${set.name}.`,
    });
  const going = new Set<InstanceId>(items.map(({ instance }) => instance));
  const all = set.items.every(({ instance }) => going.has(instance));
  const building = world.sets.flatMap((other) => {
    const on = other.items.filter(({ parent, instance }) => parent === set.id && (all || going.has(instance)));
    return other.id === set.id || on.length === 0
      ? []
      : [`${other.name} (${on.map(({ instance }) => instance).join(", ")})`];
  });
  if (building.length === 0) return;
  const closure = closureOf(set, world.sets).filter(({ id }) => id !== set.id);
  const [builds, those] = building.length === 1 ? ["builds", "that"] : ["build", "these"];
  const more = closure.length - building.length;
  findings.problems.push({
    code: "unsupported",
    message: `${set.kind} ${set.name} cannot be removed: ${building.join(", ")} ${builds} on it${more > 0 ? `, and ${more} more on ${those}` : ""}.`,
    hint: `Remove them too, newest first: --with-dependants (${closure.map(({ name }) => name).join(", ")}).`,
  });
};
