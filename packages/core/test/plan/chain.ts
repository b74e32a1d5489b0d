import { asId } from "../../src/model/id.ts";
import type { Manifest, ManifestItem } from "../../src/model/manifest.ts";
import { item, set } from "./set.ts";

export const place = { id: "repo-1", location: "/srv/backups" } as const;

/** A set of kind backup whose id and name are `name`, in the repository `place`. */
export const named = (name: string, ...items: readonly ManifestItem[]): Manifest => ({
  ...set("backup", ...items),
  id: asId(name),
  name,
  repository: place,
});

/** An item from which an increment can start: its base is `base-of-<set>`. */
export const grown = (
  instance: string,
  of: string,
  parent?: string,
  fields: Partial<ManifestItem> = {},
): ManifestItem =>
  item(instance, {
    base: `base-of-${of}`,
    artefacts: [{ kind: "disk", id: `${of}/${instance}/vda`, owner: "x", name: "vda" }],
    ...(parent === undefined ? {} : { parent: asId(parent) }),
    ...fields,
  });

/** Sets `s<n> … s1 s0` of these instances, newest first: each an increment to the one before, `s0` is full. */
export const chain = (increments: number, ...instances: readonly string[]): readonly Manifest[] =>
  Array.from({ length: increments + 1 }, (_, at) =>
    named(`s${at}`, ...instances.map((id) => grown(id, `s${at}`, at === 0 ? undefined : `s${at - 1}`))),
  ).toReversed();
