import type { Artefact, Manifest, OwnedArtefact } from "@quiesce/core";
import { ownedBy } from "../../src/toy/toy-owned.ts";
import { foreignIn } from "./foreign.ts";
import { lawOfRuns, same, unless, type Law } from "./law.ts";
import type { CrashWorld } from "./crash-world.ts";

export const ownedIn = ({ cloud, store }: CrashWorld): readonly OwnedArtefact[] => [
  ...ownedBy(cloud, { store: store.id }),
];

export const setsIn = async ({ store, deployment }: CrashWorld): Promise<readonly Manifest[]> =>
  await store.catalogue.list({ deployment: deployment.id });

const artefactsIn = (sets: readonly Manifest[]): readonly Artefact[] =>
  sets.flatMap(({ items }) => items.flatMap(({ artefacts }) => artefacts));

const isFile = ({ kind }: Artefact): boolean => kind === "disk" || kind === "definition";

const foreignIsUntouched: Law = ({ world, before }) =>
  same(foreignIn(world.cloud, world.store.id), before.foreign, "foreign objects now and before");

const noDuplicates: Law = ({ world }) => {
  const names = ownedIn(world).map(({ kind, owner, name, tag }) => `${kind} ${name} of ${owner} by ${tag.run}`);
  return names.filter((name, at) => names.indexOf(name) !== at).map((name) => `twice: ${name}`);
};

/** What is at the provider and in the repository with our tag is in the catalogue, and the other way round. */
const catalogueIsOwned = lawOfRuns(async ({ world, summary }) => {
  if (summary.status === "running" || summary.held.length > 0) return [];
  const left = new Set(summary.leftovers.map(({ id }) => id));
  const owned = ownedIn(world).filter(({ id, use }) => use !== "recovery" && !left.has(id));
  const listed = artefactsIn(await setsIn(world));
  const unknown = summary.leftovers.some(({ kind }) => kind === "unknown");
  const isSame = summary.workflow === "remove_backup" && summary.status !== "succeeded" ? within : same;
  const things = listed.filter((one) => !isFile(one)).map(({ id }) => id);
  const files = listed.filter(isFile).map(({ id }) => id);
  return [
    ...(unknown ? [] : isSame(owned.map(({ id }) => id).sort(), things.sort(), "owned and listed")),
    ...isSame(world.repository.files(), files.sort(), "files and listed files"),
  ];
});

/** A removal that failed may have removed something: it is listed until the removal is done again. */
const within = (there: readonly string[], listed: readonly string[], says: string): readonly string[] =>
  unless(
    there.every((one) => listed.includes(one)),
    `${says}: ${there.join(" ")} and ${listed.join(" ")}`,
  );

const manifestsLieBesideTheBytes = lawOfRuns(async ({ world, summary }) => {
  if (summary.status === "running" || summary.error !== undefined) return [];
  const kept = world.repository.kept().map(({ manifest }) => manifest);
  const sets = (await setsIn(world)).filter(({ repository }) => repository !== undefined);
  const byId = (a: Manifest, b: Manifest): number => (a.id < b.id ? -1 : 1);
  return same(kept.toSorted(byId), sets.toSorted(byId), "manifests in the repository and in the catalogue");
});

const nothingIsHeldInSilence = lawOfRuns(({ world, summary }) => {
  const told = new Set<string>([...summary.held, ...summary.frozen]);
  const left = new Set(summary.leftovers.map(({ id }) => id));
  return ownedIn(world)
    .filter(({ use, id, owner }) => use === "working" && !left.has(id) && !told.has(owner.replace(/^vm-/, "")))
    .flatMap(({ kind, id }) => unless(summary.status === "running", `${kind} ${id} is left, and nobody says so`));
});

export const worldLaws = {
  foreignIsUntouched,
  noDuplicates,
  catalogueIsOwned,
  manifestsLieBesideTheBytes,
  nothingIsHeldInSilence,
};
