import { exitCodes, QuiesceError, type Adopted, type FoundSet, type KeptSet, type Repository } from "@quiesce/core";
import type { RebuildFlags } from "../commands/backups/rebuild.ts";
import { openRepository, repositoryFolder } from "../compose/open-repository.ts";
import { withStore, settingsOf } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { listenForStops, unlessStopped } from "../signals/listen-for-stops.ts";

/** Takes every set whose manifest is whole into the catalogue. Exit code 6 when a set is damaged. */
export const rebuildCatalogue = async (flags: RebuildFlags, invocation: Invocation): Promise<number> => {
  const given = flags.repository === undefined ? {} : { repository: flags.repository };
  const settings = await settingsOf(invocation, given);
  const folder = repositoryFolder(settings);
  const repository = await openRepository(folder, "look");
  if (repository === undefined)
    throw new QuiesceError("not-found", `There is no repository in ${folder}.`, {
      hint: "Name its folder: --repository FOLDER.",
    });
  const stops = listenForStops();
  try {
    const found = await unlessStopped(Array.fromAsync(repository.sets(stops.before)), stops.before);
    const kept = keptSets(found, repository);
    const adopted = await withStore(invocation, (store) => store.adopt(kept));
    tell({ found, kept, adopted }, repository, invocation);
    return found.some(({ is }) => is === "damaged") ? exitCodes.damaged : exitCodes.done;
  } finally {
    stops.close();
  }
};

/** The folder may have moved since: what counts is where it lies now. */
const keptSets = (found: readonly FoundSet[], { id, location }: Repository): readonly KeptSet[] =>
  found.flatMap((one) =>
    one.is === "whole" ? [{ store: one.store, manifest: { ...one.manifest, repository: { id, location } } }] : [],
  );

interface Rebuilt {
  readonly found: readonly FoundSet[];
  readonly kept: readonly KeptSet[];
  readonly adopted: Adopted;
}

const tell = ({ found, kept, adopted }: Rebuilt, { location }: Repository, { output }: Invocation): void => {
  const { added, left, refused } = adopted;
  const damaged = found.flatMap((one) => (one.is === "damaged" ? [{ at: one.at, reason: one.reason }] : []));
  const unfinished = found.flatMap((one) => (one.is === "unfinished" ? [one.at] : []));
  output.document({ schema: "quiesce.rebuild/1", repository: location, added, left, refused, damaged, unfinished });
  output.result(
    [
      `${added.length} set(s) of ${location} are in the catalogue now, ${left.length} were there already.`,
      ...kept
        .filter(({ manifest }) => added.includes(manifest.id))
        .map(({ manifest: { deployment, kind, name } }) => `  ${deployment}: ${kind} ${name}`),
      ...refused.map(
        ({ set: { deployment, kind, name }, reason }) => `not taken: ${deployment}: ${kind} ${name}: ${reason}`,
      ),
      ...damaged.map(({ at, reason }) => `damaged: ${at}: ${reason}`),
      ...unfinished.map((at) => `without a manifest, so of a run that works or died: ${at}`),
    ].join("\n"),
  );
};
