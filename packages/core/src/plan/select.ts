import type { InstanceId } from "../model/id.ts";
import { near } from "./near.ts";
import { byText } from "./by-text.ts";
import type { Planning } from "./world.ts";

/** Comparing a name with all others costs; a few suggestions show the mistake as well as a thousand. */
const suggestFor = 10;

/** The chosen ids, sorted. Unknown names and an empty selection are problems. `known`: what can be chosen. */
export const select = ({ world, findings }: Planning, known: ReadonlySet<InstanceId>): readonly InstanceId[] => {
  const { include, exclude } = world.options;
  const unknown = new Set([...(include === "all" ? [] : include), ...exclude].filter((id) => !known.has(id)));
  const some = someOf(known);
  let suggested = 0;
  for (const id of [...unknown].sort(byText)) {
    const suggestions = suggested++ < suggestFor ? near(id, known) : [];
    findings.problems.push({
      code: "unknown-instance",
      message: `There is no instance ${JSON.stringify(id)} in deployment ${world.deployment}.`,
      hint: suggestions.length === 0 ? `Known are ${some}.` : `Did you mean ${suggestions.join(" or ")}?`,
    });
  }
  const out = new Set(exclude);
  const chosen = include === "all" ? known : new Set(include.filter((id) => known.has(id)));
  const selected = [...chosen].filter((id) => !out.has(id)).sort(byText);
  // A name that does not exist has already been told: with it the selection would not be empty.
  const mistyped = include !== "all" && include.some((id) => unknown.has(id));
  if (selected.length === 0 && !mistyped)
    findings.problems.push({
      code: "empty-selection",
      message: `No instance of deployment ${world.deployment} is selected.`,
      hint: known.size === 0 ? "The deployment has no instances." : `It has ${some}.`,
    });
  return selected;
};

const someOf = (known: ReadonlySet<InstanceId>): string => {
  const first = [...known].sort(byText).slice(0, 5);
  return known.size === 0
    ? "none"
    : first.join(", ") + (known.size > first.length ? ` and ${known.size - first.length} more` : "");
};
