import { isSome } from "../model/some.ts";
import { effectiveCell } from "./cell.ts";
import type { Coverage } from "./cover.ts";
import type { Create } from "./disks.ts";
import { oweRelease } from "./held.ts";
import { extentOf, type Extent } from "./increment.ts";
import type { Part } from "./levels.ts";
import type { Member } from "./member.ts";
import type { Step } from "./plan.ts";
import type { Route } from "./route.ts";
import { baseOf, stepKey, stepsFor } from "./step.ts";
import { captureTitleOf } from "./title.ts";
import type { Planning, World } from "./world.ts";

/** What goes before the freezes, what fixes the content, what moves the bytes afterwards, and what gives back. */
export interface Captures {
  readonly prepares: readonly Part[];
  readonly captures: readonly Part[];
  readonly completes: readonly Part[];
  readonly releases: readonly Part[];
}

export const capturesOf = (planning: Planning, { workers, coversOf }: Coverage, operation: Create): Captures => {
  const { world } = planning;
  const made = workers.map(({ member, route }) => {
    const covers = coversOf.get(member.id) ?? [];
    const { input, since } = extentFor(planning, member, route, operation);
    const steps = stepsFor(world, member, route, operation, input, covers).map((step): Step =>
      since === undefined ? step : { ...step, title: captureTitleOf(member.target, world.options.name, since) },
    );
    return { id: member.id, ...aroundCapture(world, member, operation, steps) };
  });
  const partsOf = (of: "prepare" | "capture" | "complete" | "release"): readonly Part[] =>
    made.flatMap(({ id, [of]: steps }) => (isSome(steps) ? [{ id, steps }] : []));
  return {
    prepares: partsOf("prepare"),
    captures: partsOf("capture"),
    completes: partsOf("complete"),
    releases: partsOf("release"),
  };
};

const extentFor = (planning: Planning, member: Member, route: Route, operation: Create): Extent => {
  if (operation === "snapshot.create") return { input: { memory: planning.world.options.memory } };
  return route.by === "provider" ? extentOf(planning, member) : { input: { parent: "full" } };
};

type Around = Readonly<Record<"prepare" | "capture" | "complete" | "release", readonly Step[]>>;

/** A provider's capture is completed; one that holds something is prepared and released too. A bound call is itself. */
const aroundCapture = (world: World, member: Member, operation: Create, steps: readonly Step[]): Around => {
  const [capture] = steps;
  if (capture?.does !== "capture") return { prepare: [], capture: steps, complete: [], release: [] };
  const complete: Step = {
    ...baseOf(world, member, operation, {}),
    does: "complete",
    input: capture.input,
    of: capture.key,
    key: stepKey("complete", member),
    title: `Complete ${world.options.kind} ${world.options.name} of ${member.id}`,
    reads: { captured: capture.key },
    timeoutMs: world.options.timeoutMs.complete,
    covers: capture.covers,
  };
  const cell = effectiveCell(world, member, operation);
  if (cell.is !== "declared" || cell.now.mode !== "supported" || cell.now.holds !== true)
    return { prepare: [], capture: [capture], complete: [complete], release: [] };
  const { prepare, release } = oweRelease(world, member, capture, complete.key);
  const prepared = { prepared: prepare.key };
  return {
    prepare: [prepare],
    capture: [{ ...capture, reads: prepared }],
    complete: [{ ...complete, reads: { ...complete.reads, ...prepared } }],
    release: [release],
  };
};
