import { exitCodes, QuiesceError, type KeptSet, type Manifest, type RunId } from "@quiesce/core";
import type { Invocation } from "../invocation/invocation.ts";
import { chooseLeftovers } from "./choose-leftovers.ts";
import { gather, type Gathered, type Scope } from "./gather.ts";
import { tellUnlooked } from "./list-leftovers.ts";
import type { InRepository } from "./listed.ts";
import { presentItems } from "./present-items.ts";
import { setOfRun } from "./set-of-run.ts";
import type { Leftover } from "./verdict.ts";

/** Takes content that the catalogue lost back into it: a whole set of a repository, or what a run's journal tells of. */
export const adoptLeftovers = async (
  wanted: string,
  scope: Omit<Scope, "allStores">,
  invocation: Invocation,
): Promise<number> =>
  await gather({ ...scope, allStores: true }, invocation, nothingStored, async (gathered) => {
    const { leftovers, unlooked, store } = gathered;
    tellUnlooked(unlooked, invocation.output);
    const chosen = chooseLeftovers([wanted], leftovers);
    const kept = await keptSets(chosen, gathered);
    const { added, refused } = await store.adopt(kept);
    const [first] = refused;
    if (first !== undefined) throw refusal(first.reason);
    await keepManifests(kept, gathered);
    tell(
      kept.map(({ manifest }) => manifest).filter(({ id }) => added.includes(id)),
      invocation,
    );
    return exitCodes.done;
  });

const nothingStored = (): never => {
  throw new QuiesceError("not-found", "Nothing is stored yet, so nothing can be adopted.", {
    hint: "To make a lost catalogue again from a repository: quiesce backups rebuild",
  });
};

const refusal = (why: string): QuiesceError =>
  new QuiesceError("refused", `It cannot be taken into the catalogue: ${why}. Nothing was changed.`);

const keptSets = async (chosen: readonly Leftover[], gathered: Gathered): Promise<readonly KeptSet[]> => {
  for (const { verdict, reason, listed } of chosen) {
    if (verdict === "other-store" || verdict === "unfinished") throw refusal(`${listed.id}: ${reason}`);
    if (listed.at === "provider" && listed.artefact.use !== "content")
      throw refusal(`${listed.id} is no content of a set`);
  }
  const whole = chosen.flatMap(({ listed }) => (listed.at === "repository" ? wholeSet(listed) : []));
  const runs = new Set(chosen.flatMap(({ listed }) => (isWhole(listed) ? [] : [listed.tag.run])));
  const ofRuns = await Promise.all([...runs].map((run) => fromJournal(run, chosen, gathered)));
  return [...whole, ...ofRuns];
};

const isWhole = (listed: Leftover["listed"]): boolean => listed.at === "repository" && listed.whole !== undefined;

/** The folder may have moved since: what counts is where it lies now. */
const wholeSet = ({ whole, repository: { id, location } }: InRepository): readonly KeptSet[] =>
  whole === undefined ? [] : [{ ...whole, manifest: { ...whole.manifest, repository: { id, location } } }];

const fromJournal = async (run: RunId, chosen: readonly Leftover[], gathered: Gathered): Promise<KeptSet> => {
  const { store, listed } = gathered;
  const made = await setOfRun(run, store);
  if (made.is === "none") throw refusal(made.why);
  const { manifest } = made;
  const present = new Set(listed.flatMap((one) => (one.at === "provider" ? [one.id] : [])));
  const items = await presentItems(manifest, present, repositoryOf(manifest, gathered));
  const named = new Set(items.flatMap(({ artefacts }) => artefacts.map(({ id }) => id)));
  const missing = chosen.find(
    (one) => one.listed.tag.run === run && one.listed.at === "provider" && !named.has(one.listed.id),
  );
  if (missing !== undefined || items.length === 0)
    throw refusal(
      `${missing?.listed.id ?? run}: the journal of its run does not tell that it is whole, or a part that belongs to it is gone`,
    );
  const complete = manifest.complete && items.length === manifest.items.length;
  return { store: store.id, manifest: { ...manifest, complete, items } };
};

const repositoryOf = ({ repository }: Manifest, { listed }: Gathered): InRepository["repository"] | undefined =>
  listed.flatMap((one) => (one.at === "repository" && one.repository.id === repository?.id ? [one.repository] : []))[0];

/** A set whose bytes lie in a repository has its manifest there, too. */
const keepManifests = async (kept: readonly KeptSet[], gathered: Gathered): Promise<void> => {
  for (const set of kept) await repositoryOf(set.manifest, gathered)?.keepManifest(set);
};

const tell = (sets: readonly Manifest[], { output }: Invocation): void => {
  output.document({
    schema: "quiesce.adoption/1",
    sets: sets.map(({ id, name, kind, deployment }) => ({ id, name, kind, deployment })),
  });
  for (const { deployment, kind, name, items } of sets)
    output.result(
      `${kind} ${name} of ${deployment} is in the catalogue again, with ${items.map(({ instance }) => instance).join(", ")}. See it: quiesce backups show ${deployment} ${name}`,
    );
};
