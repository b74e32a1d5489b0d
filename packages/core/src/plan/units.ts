import { asId, type InstanceId, type Site, type UnitId } from "../model/id.ts";
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
  const unitOf = (id: InstanceId): UnitId => asId<UnitId>(names.get(groups.rootOf(id)) ?? id);
  const sites = sitesOf(planning, members, unitOf);
  return { unitOf, siteOf: (unit) => sites.get(unit) ?? here };
};

/** A unit is called after its first machine, else after its first instance. */
const namesOf = (world: World, members: readonly Member[], groups: Groups): ReadonlyMap<InstanceId, InstanceId> => {
  const names = new Map<InstanceId, InstanceId>();
  const kinds = new Map<InstanceId, string>([...world.instances.values()].map(({ id, kind }) => [id, kind]));
  for (const { id, target } of members) kinds.set(id, target.kind);
  const sorted = [...kinds.keys()].sort(byText);
  for (const machinesOnly of [true, false])
    for (const id of sorted) {
      if (machinesOnly && kinds.get(id) !== "vm") continue;
      const root = groups.rootOf(id);
      if (!names.has(root)) names.set(root, id);
    }
  return names;
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
