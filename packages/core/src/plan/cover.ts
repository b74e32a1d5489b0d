import type { InstanceId, UnitId } from "../model/id.ts";
import type { Kind, Operation } from "../vocabulary/operation.ts";
import type { Attachments } from "./attachments.ts";
import type { Member } from "./member.ts";
import type { Covered } from "./plan.ts";
import { refuse, type Routed } from "./route.ts";
import { secondNameOf, secondNames } from "./same-object.ts";
import type { Units } from "./units.ts";
import type { Planning } from "./world.ts";

/** Who works, and what each covers beside itself. */
export interface Coverage {
  /** Members with steps of their own. */
  readonly workers: readonly Routed[];
  readonly coversOf: ReadonlyMap<InstanceId, readonly Covered[]>;
}

interface Cast {
  readonly attachments: Attachments;
  readonly units: Units;
}

/**
 * Finds for each by-vm and bypassed member, and for each second name, the member whose step does it. Where that
 * step is not in the plan, the member is refused.
 */
export const coverageOf = (
  planning: Planning,
  routed: readonly Routed[],
  operation: Operation,
  cast: Cast,
): Coverage => {
  const callers = routed.filter(({ route }) => route.by === "provider" || route.by === "compare");
  const second = secondNames(callers.map(({ member }) => member));
  const workers = routed.filter(
    ({ route, member }) => !second.has(member.id) && route.by !== "vm" && route.by !== "other-cell",
  );
  const covers = new Map<InstanceId, Covered[]>();
  const cover = (by: InstanceId, covered: Covered): void => {
    const known = covers.get(by);
    if (known === undefined) covers.set(by, [covered]);
    else known.push(covered);
  };
  // A script cannot prove what else is inside of what it made.
  const able = callers.filter(({ member }) => !second.has(member.id));
  const working = indexWorkers(able, second, cast);
  for (const { member, route } of routed) {
    const { kind } = member.target;
    const first = second.get(member.id);
    if (kind === "other") continue;
    if (first !== undefined) cover(first.id, secondNameOf(member, kind, first));
    else if (route.by === "vm" || route.by === "other-cell") {
      const found =
        route.by === "vm" ? machineOf(member, operation, working) : elsewhere(member, operation, route, working);
      if ("refused" in found) refuse(planning, member, operation, found.refused);
      else cover(found.by, coveredOf(member, kind, route.by === "vm" ? "by-vm" : "bypassed", found.reason));
    }
  }
  return { workers, coversOf: covers };
};

interface Working extends Cast {
  /** Member (and second name) → the member whose step does it. */
  readonly doneBy: ReadonlyMap<InstanceId, InstanceId>;
  readonly byUnit: ReadonlyMap<UnitId, readonly Member[]>;
}

const indexWorkers = (able: readonly Routed[], second: ReadonlyMap<InstanceId, Member>, cast: Cast): Working => {
  const doneBy = new Map<InstanceId, InstanceId>(able.map(({ member }) => [member.id, member.id]));
  for (const [id, { id: first }] of second) doneBy.set(id, first);
  const byUnit = Map.groupBy(
    able.map(({ member }) => member),
    ({ id }) => cast.units.unitOf(id),
  );
  return { ...cast, doneBy, byUnit };
};

type Found = { readonly by: InstanceId; readonly reason: string } | { readonly refused: string };

/** A by-vm volume is inside the step of a machine that holds it, where that machine's survey says that it takes the disk. */
const machineOf = (member: Member, operation: Operation, { attachments, doneBy }: Working): Found => {
  // What a set holds of a volume is inside of one machine, whatever it is attached to now.
  const holder = member.item?.coveredBy;
  const machines = holder === undefined ? (attachments.machinesOf.get(member.id) ?? []) : [holder];
  if (machines.length === 0)
    return { refused: "the provider does this with its machine, but it is attached to no machine of the deployment." };
  let reason = `the provider does this with its machine, but ${machines.join(" and ")} ${machines.length === 1 ? "is" : "are"} not done by the provider in this plan.`;
  for (const machine of machines) {
    const by = doneBy.get(machine);
    if (by === undefined) continue;
    const missing = notTaken(member, machine, operation, attachments);
    if (missing === undefined) return { by, reason: `taken with ${machine}` };
    reason = missing;
  }
  return { refused: reason };
};

/** Only a create is asked of the survey: what a set holds of a volume is in the set. */
const notTaken = (
  member: Member,
  machine: InstanceId,
  operation: Operation,
  { diskOf }: Attachments,
): string | undefined => {
  if (operation !== "snapshot.create" && operation !== "backup.create") return undefined;
  const disk = diskOf.get(machine)?.get(member.id);
  if (disk === undefined) return `the provider does this with its machine, but it is no disk of ${machine} now.`;
  const captured = disk.captured[operation];
  return captured.by === "vm" ? undefined : `${machine} does not take its disk ${disk.name}: ${captured.reason}`;
};

const elsewhere = (
  member: Member,
  operation: Operation,
  { via, reason }: Extract<Routed["route"], { by: "other-cell" }>,
  working: Working,
): Found => {
  const route = `${via.kind} ${via.operation}`;
  const refused = { refused: `it is done by ${route} (${reason}), which is not in this plan.` };
  if (via.operation !== operation) return refused;
  const held = member.target.kind === "volume" && via.kind === "vm" ? machineOf(member, operation, working) : undefined;
  if (held !== undefined) return "refused" in held ? refused : { by: held.by, reason };
  const others = working.byUnit.get(working.units.unitOf(member.id)) ?? [];
  const by = others.find(({ id, target }) => id !== member.id && target.kind === via.kind)?.id;
  return by === undefined ? refused : { by, reason };
};

const coveredOf = (member: Member, kind: Kind, mode: Covered["mode"], reason: string): Covered => ({
  instance: member.id,
  kind,
  providerId: member.target.providerId,
  mode,
  reason,
});
