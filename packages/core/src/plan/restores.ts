import type { JsonObject } from "../model/json.ts";
import type { Manifest } from "../model/manifest.ts";
import { isSome } from "../model/some.ts";
import type { Coverage } from "./cover.ts";
import type { Freezes } from "./freeze.ts";
import type { Part } from "./levels.ts";
import type { Member } from "./member.ts";
import type { PlanOptions } from "./options.ts";
import type { Step } from "./plan.ts";
import { recoveryOf } from "./recovery.ts";
import { stepsFor } from "./step.ts";
import { owedByRestore } from "./thaw-check.ts";
import type { Planning } from "./world.ts";

/** The steps that bring content back. */
export interface Restores {
  readonly parts: readonly Part[];
  /** Restore step → the step that thaws what it may bring back frozen. */
  readonly payOf: ReadonlyMap<Step["key"], Step>;
}

export const restoresOf = (
  planning: Planning,
  coverage: Coverage,
  prepared: Freezes,
  { kind }: Pick<Manifest, "kind">,
): Restores => {
  const { as } = planning.world.options;
  const payOf = new Map<Step["key"], Step>();
  const preparedIds = new Set(prepared.parts.map(({ id }) => id));
  const inPlace = (member: Member, step: Step): Step => {
    if (step.does !== "cell") return step;
    const shown = { ...step, ...recoveryOf(member, kind) };
    const owed = owedByRestore(planning, member, step.key, kind, preparedIds);
    if (owed === undefined) return shown;
    payOf.set(step.key, owed.pay);
    return { ...shown, owes: owed.debt };
  };
  const parts = coverage.workers.flatMap(({ member, route }): readonly Part[] => {
    const covers = coverage.coversOf.get(member.id) ?? [];
    const steps = stepsFor(planning.world, member, route, `${kind}.restore`, inputOf(member, as), covers).map((step) =>
      as === undefined ? inPlace(member, step) : asNew(step, as),
    );
    return isSome(steps) ? [{ id: member.id, steps }] : [];
  });
  return { parts, payOf };
};

/** What the set recorded, as the handler wants it. */
const inputOf = ({ item }: Member, as: PlanOptions["as"]): JsonObject => ({
  from: (item?.artefacts ?? []).map((artefact) => ({ ...artefact })),
  saved: item?.saved ?? {},
  as: as === undefined ? { place: "in-place" } : { place: "new", name: as.name, connect: as.connect },
});

/** Beside the original nothing is overwritten, stopped or owed. */
const asNew = (step: Step, { name }: NonNullable<PlanOptions["as"]>): Step =>
  step.does === "cell" ? { ...step, title: `${step.title} as ${name}`, risk: "safe" } : step;
