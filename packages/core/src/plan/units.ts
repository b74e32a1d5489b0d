import { asId, type InstanceId, type Site, type UnitId } from "../model/id.ts";
import type { InstanceKind } from "../vocabulary/operation.ts";
import type { Attachments } from "./attachments.ts";
import type { Member } from "./member.ts";
import { byText } from "./by-text.ts";
import type { Planning, World } from "./world.ts";

/** What must be quiet together: connected components over `contained_in`, `attached_to` and the surveyed attachments. */
export interface Units {
  readonly unitOf: (id: InstanceId) => UnitId;
  readonly siteOf: (unit: UnitId) => Site;
}

/** Where instances are that only runners serve. */
const here = asId<Site>("local");

export const unitsOf = (planning: Planning, members: readonly Member[], attachments: Attachments): Units => {
  const groups = new Groups();
  for (const { id, relations } of planning.world.instances.values())
    for (const { type, to } of relations)
      if ((type === "contained_in" || type === "attached_to") && planning.world.instances.has(to)) groups.join(id, to);
  for (const [volume, machines] of attachments.machinesOf) for (const machine of machines) groups.join(volume, machine);
  for (const [first, ...others] of attachments.instancesOf.values())
    if (first !== undefined) for (const other of others) groups.join(first, other);
  const names = namesOf(planning.world, members, groups);
  const unitOf = (id: InstanceId): UnitId => names.get(id) ?? asId<UnitId>(id);
  const sites = sitesOf(planning, members, unitOf);
  return { unitOf, siteOf: (unit) => sites.get(unit) ?? here };
};

/** Instance → its unit. A unit is called after its first machine, else after its first instance. */
const namesOf = (world: World, members: readonly Member[], groups: Groups): ReadonlyMap<InstanceId, UnitId> => {
  const kinds = new Map<InstanceId, InstanceKind>();
  for (const { id, kind } of world.instances.values()) kinds.set(id, kind);
  for (const { id, target } of members) kinds.set(id, target.kind);
  const first = new Map<InstanceId, { readonly id: InstanceId; readonly isMachine: boolean }>();
  for (const [id, kind] of kinds) {
    const root = groups.rootOf(id);
    const isMachine = kind === "vm";
    const best = first.get(root);
    const wins = best === undefined || (isMachine === best.isMachine ? byText(id, best.id) < 0 : isMachine);
    if (wins) first.set(root, { id, isMachine });
  }
  return new Map([...kinds.keys()].map((id) => [id, asId<UnitId>(first.get(groups.rootOf(id))?.id ?? id)]));
};

const sitesOf = (
  { world, findings }: Planning,
  members: readonly Member[],
  unitOf: Units["unitOf"],
): ReadonlyMap<UnitId, Site> => {
  const sites = new Map<UnitId, { readonly site: Site; readonly of: InstanceId }>();
  const planned = new Set(members.map(({ id }) => unitOf(id)));
  const placed = [...world.instances.values(), ...members.map(({ instance }) => instance)];
  const told = new Set<UnitId>();
  for (const { id, provider } of placed) {
    const unit = unitOf(id);
    const site = provider === undefined ? undefined : world.providers.get(provider)?.site;
    if (site === undefined || !planned.has(unit)) continue;
    const known = sites.get(unit);
    if (known === undefined) sites.set(unit, { site, of: id });
    else if (known.site !== site && !told.has(unit)) {
      told.add(unit);
      findings.problems.push({
        code: "unit-spans-sites",
        instance: id,
        message: `${known.of} (site ${known.site}) and ${id} (site ${site}) must be quiet together, but lie on two sites.`,
        hint: "Give their providers the same site, or remove the relation that joins them.",
      });
    }
  }
  return new Map([...sites].map(([unit, { site }]) => [unit, site]));
};

/** Union-find with path halving: near-linear for any number of joins. */
class Groups {
  readonly #parents = new Map<InstanceId, InstanceId>();

  rootOf(id: InstanceId): InstanceId {
    let at = id;
    for (;;) {
      const parent = this.#parents.get(at);
      if (parent === undefined) return at;
      const above = this.#parents.get(parent);
      if (above === undefined) return parent;
      this.#parents.set(at, above);
      at = above;
    }
  }

  join(a: InstanceId, b: InstanceId): void {
    const [rootA, rootB] = [this.rootOf(a), this.rootOf(b)];
    if (rootA !== rootB)
      this.#parents.set(byText(rootA, rootB) < 0 ? rootB : rootA, byText(rootA, rootB) < 0 ? rootA : rootB);
  }
}
