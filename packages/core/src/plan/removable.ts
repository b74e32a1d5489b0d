import type { InstanceId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import { closureOf, dependantsOf } from "../retention/closure-of.ts";
import type { Member } from "./member.ts";
import type { Planning } from "./world.ts";

/** A protected set stays, and so does what another set builds on. */
export const checkRemovable = ({ world, findings }: Planning, set: Manifest, members: readonly Member[]): void => {
  if (set.protected === true)
    findings.problems.push({
      code: "protected",
      message: `${set.kind} ${set.name} is protected: it is not removed.`,
      hint: `Take its protection away first: quiesce backups unprotect ${world.deployment} ${set.name}.`,
    });
  const going = new Set<InstanceId>(members.map(({ id }) => id));
  const direct = dependantsOf(set, world.sets, going);
  if (direct.length === 0) return;
  const building = direct.map((one) => `${one.set.name} (${one.instances.join(", ")})`).join(", ");
  const all = closureOf(set, world.sets).filter(({ id }) => id !== set.id);
  const more = all.length - direct.length;
  findings.problems.push({
    code: "unsupported",
    message: `${set.kind} ${set.name} cannot be removed: ${building} ${direct.length === 1 ? "builds" : "build"} on it${more > 0 ? `, and ${more} more on ${direct.length === 1 ? "that" : "these"}` : ""}.`,
    hint: `Remove them too, newest first: --with-dependants (${all.map(({ name }) => name).join(", ")}).`,
  });
};
