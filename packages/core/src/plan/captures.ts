import type { JsonObject } from "../model/json.ts";
import { isSome } from "../model/some.ts";
import type { Coverage } from "./cover.ts";
import type { Create } from "./disks.ts";
import type { Part } from "./levels.ts";
import { baseOf, stepKey, stepsFor } from "./step.ts";
import type { World } from "./world.ts";

/** The steps that fix the content, and those that move its bytes when the guests run again. */
export interface Captures {
  readonly captures: readonly Part[];
  readonly completes: readonly Part[];
}

export const capturesOf = (world: World, { workers, coversOf }: Coverage, operation: Create): Captures => {
  const input: JsonObject = operation === "snapshot.create" ? { memory: world.options.memory } : { parent: "full" };
  const captures: Part[] = [];
  const completes: Part[] = [];
  for (const { member, route } of workers) {
    const covers = coversOf.get(member.id) ?? [];
    const steps = stepsFor(world, member, route, operation, input, covers);
    if (isSome(steps)) captures.push({ id: member.id, steps });
    const [first] = steps;
    if (first?.does !== "capture") continue;
    const complete = {
      ...baseOf(world, member, operation, input),
      does: "complete" as const,
      of: first.key,
      key: stepKey("complete", member),
      title: `Complete ${world.options.kind} ${world.options.name} of ${member.id}`,
      reads: { captured: first.key },
      timeoutMs: world.options.timeoutMs.complete,
      covers,
    };
    completes.push({ id: member.id, steps: [complete] });
  }
  return { captures, completes };
};
