import type { InstanceId, UnitId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";
import type { InstanceKind } from "../vocabulary/operation.ts";
import { byText } from "./by-text.ts";
import type { Cast } from "./cast.ts";
import type { Planning } from "./world.ts";

/** A unit of which a part goes back in time, while another part stays: allowed only when the user says so. */
export const checkMixedTime = (
  { world, findings }: Planning,
  { units, attachments, members }: Cast,
  restored: ReadonlySet<InstanceId>,
  set: Manifest,
): void => {
  const stateful = new Map<InstanceId, InstanceKind>();
  for (const { id, kind } of world.instances.values()) stateful.set(id, kind);
  for (const { instance, kind } of set.items) stateful.set(instance, kind);
  for (const { id, target } of members) stateful.set(id, target.kind);
  for (const [id, kind] of stateful) if (kind !== "vm" && kind !== "volume") stateful.delete(id);
  // What has artefacts of its own in the set is not inside of what was made of its machine.
  const apart = new Set(set.items.flatMap(({ instance, artefacts }) => (artefacts.length > 0 ? [instance] : [])));
  const takenByMachine = (id: InstanceId): boolean =>
    !apart.has(id) &&
    (attachments.machinesOf.get(id) ?? []).some(
      (machine) =>
        restored.has(machine) && attachments.diskOf.get(machine)?.get(id)?.captured[`${set.kind}.create`].by === "vm",
    );
  const goingBack = new Map<UnitId, InstanceId>();
  for (const id of restored) if (stateful.has(id)) goingBack.set(units.unitOf(id), id);
  const left = [...stateful.keys()].filter((id) => !restored.has(id) && !takenByMachine(id)).sort(byText);
  const leftOf = Map.groupBy(left, units.unitOf);
  for (const [unit, about] of goingBack) {
    const ids = leftOf.get(unit) ?? [];
    if (ids.length === 0) continue;
    const message = `Unit ${unit} would mix times: ${ids.join(" and ")} ${ids.length === 1 ? "stays" : "stay"} as now, while the rest goes back to ${set.kind} ${set.name}.`;
    if (world.options.allowMixedTime) findings.notes.push({ about, message });
    else
      findings.problems.push({
        code: "needs-permission",
        instance: about,
        message,
        hint: `Select ${ids.join(" and ")} too, or say that this is wanted: --allow-mixed-time.`,
      });
  }
};
