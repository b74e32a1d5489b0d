import type { InstanceId } from "../model/id.ts";
import type { Attachments } from "./attachments.ts";
import { effectiveCell } from "./cell.ts";
import type { Coverage } from "./cover.ts";
import { memberOf, type Member } from "./member.ts";
import { quiesceOf, unreachable } from "./quiesce.ts";
import type { Planning } from "./world.ts";

/**
 * Machines that write to a captured volume and were not chosen: they are frozen, not captured, and the plan says so.
 * A machine that the user excluded, or that the deployment does not list, cannot be frozen.
 */
export const freezeOnlyMachines = (
  planning: Planning,
  members: readonly Member[],
  coverage: Coverage,
  attachments: Attachments,
): readonly Member[] => {
  const { world, findings } = planning;
  const chosen = new Set(members.map(({ id }) => id));
  const taken = new Set<InstanceId>(coverage.workers.map(({ member }) => member.id));
  for (const covers of coverage.coversOf.values()) for (const { instance } of covers) taken.add(instance);
  const excluded = new Set(world.options.exclude);
  const pulled = new Map<InstanceId, Member>();
  for (const volume of members) {
    if (volume.target.kind !== "volume" || !taken.has(volume.id) || quiesceOf(planning, volume) === "off") continue;
    for (const machine of attachments.machinesOf.get(volume.id) ?? []) {
      if (chosen.has(machine) || pulled.has(machine) || sameObjectChosen(machine, chosen, planning, attachments))
        continue;
      if (excluded.has(machine)) {
        cannotFreeze(planning, volume, `its machine ${machine} is excluded, and would go on writing`);
        continue;
      }
      const member = memberOf(planning, machine);
      if (member === undefined) continue;
      pulled.set(machine, member);
      const message = `${machine} is frozen, but not captured: ${volume.id} is attached to it.`;
      findings.notes.push({ about: machine, message });
    }
    for (const stranger of attachments.strangersOf.get(volume.id) ?? [])
      cannotFreeze(planning, volume, `it is attached to machine ${stranger}, which the deployment does not list`);
  }
  return [...pulled.values()];
};

const sameObjectChosen = (
  machine: InstanceId,
  chosen: ReadonlySet<InstanceId>,
  { world }: Planning,
  { instancesOf }: Attachments,
): boolean => {
  const survey = world.surveys.get(machine);
  if (survey === undefined) return false;
  return (instancesOf.get(`${survey.account}/${survey.providerId}`) ?? []).some((id) => chosen.has(id));
};

/** Refused where the provider declares a freeze of machines; else there is nothing to lose. */
const cannotFreeze = (planning: Planning, volume: Member, reason: string): void => {
  const quiesce = quiesceOf(planning, volume);
  const asMachine: Member = { ...volume, target: { ...volume.target, kind: "vm" } };
  const cell = effectiveCell(planning.world, { ...asMachine, instance: { ...volume.instance, bound: {} } }, "freeze");
  const declared = cell.is === "declared" && cell.declared.mode === "supported";
  if (quiesce === "required" || (quiesce === "auto" && declared)) unreachable(planning, volume, `${reason}.`);
  else planning.findings.notes.push({ about: volume.id, message: `${volume.id} will be crash-consistent: ${reason}.` });
};
