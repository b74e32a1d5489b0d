import type { Manifest } from "@quiesce/core";

/** Names of the sets that a set builds on, the oldest first. One that is not in the catalogue is named by its id. */
export const chainOf = (set: Manifest, sets: readonly Manifest[]): readonly string[] => {
  const byId = new Map(sets.map((one) => [one.id, one]));
  const seen = new Set([set.id]);
  const names: string[] = [];
  for (let wave = parentsOf(set); wave.length > 0;) {
    const fresh = wave.filter((id) => !seen.has(id));
    for (const id of fresh) {
      seen.add(id);
      names.unshift(byId.get(id)?.name ?? id);
    }
    wave = fresh.flatMap((id) => parentsOf(byId.get(id)));
  }
  return names;
};

const parentsOf = (set: Manifest | undefined): readonly Manifest["id"][] => [
  ...new Set((set?.items ?? []).flatMap(({ parent }) => (parent === undefined ? [] : [parent]))),
];
