import type { JsonObject } from "../model/json.ts";
import { isSome } from "../model/some.ts";
import { castOf } from "./cast.ts";
import { coverageOf } from "./cover.ts";
import type { Draft } from "./draft.ts";
import { levelsOf, stagesOf, type Direction, type Part } from "./levels.ts";
import type { Member } from "./member.ts";
import { orderOf } from "./order.ts";
import type { Stage } from "./plan.ts";
import { ranksOf } from "./ranks.ts";
import { routesOf } from "./route.ts";
import { stepsFor } from "./step.ts";
import type { Planning } from "./world.ts";

/** Steps of suspend or resume for these members, by kind: bound services and machines are stages of their own. */
export const draftPower = (
  planning: Planning,
  members: readonly Member[],
  operation: "suspend" | "resume",
  inputOf: (member: Member) => JsonObject,
): Draft => {
  const cast = castOf(planning, members);
  const { workers, coversOf } = coverageOf(planning, routesOf(planning, members, operation), operation, cast);
  const order = orderOf(planning);
  const direction: Direction = operation === "suspend" ? "dependents-first" : "dependencies-first";
  const stage = (name: string, machines: boolean): readonly Stage[] => {
    const parts = workers
      .filter(({ member }) => (member.target.kind === "vm") === machines)
      .flatMap(({ member, route }): readonly Part[] => {
        const steps = stepsFor(
          planning.world,
          member,
          route,
          operation,
          inputOf(member),
          coversOf.get(member.id) ?? [],
        );
        return isSome(steps) ? [{ id: member.id, steps }] : [];
      });
    const ranks = ranksOf(order, new Set(parts.map(({ id }) => id)), cast.units.unitOf);
    return stagesOf(name, levelsOf(parts, ranks, cast.units.unitOf, direction), cast.units, 0);
  };
  const services = stage(`${operation} services`, false);
  const machines = stage(`${operation} machines`, true);
  const stages = operation === "suspend" ? [...services, ...machines] : [...machines, ...services];
  return { stages, members };
};
