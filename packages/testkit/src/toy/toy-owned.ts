import {
  asId,
  failure,
  type Artefact,
  type DeploymentId,
  type OwnedArtefact,
  type OwnedBy,
  type RunId,
} from "@quiesce/core";
import { pointArtefact } from "./toy-backup-create.ts";
import type { ToyCloud } from "./toy-cloud.ts";
import { snapshotArtefact } from "./toy-snapshots.ts";

/** Everything in the cloud that carries a tag. */
export function* ownedBy(cloud: ToyCloud, by: OwnedBy): Generator<OwnedArtefact> {
  const { snapshots, backups, disks } = cloud;
  for (const one of snapshots.values()) yield* ours(by, one.tag, "content", snapshotArtefact(one));
  for (const one of backups.points.values()) yield* ours(by, one.tag, "content", pointArtefact(one));
  for (const { id, vm, name, tag } of backups.jobs.values())
    yield* ours(by, tag, "working", { kind: "toy-job", id, owner: vm, name });
  for (const { id, vm, name, tag } of backups.scratch.values())
    yield* ours(by, tag, "working", { kind: "toy-scratch", id, owner: vm, name });
  for (const { id, name, tag, kept } of disks.all.values()) {
    yield* ours(by, tag, "working", { kind: "toy-disk", id, owner: id, name });
    yield* ours(by, kept, "recovery", { kind: "toy-disk", id, owner: id, name });
  }
}

function* ours(
  { store, deployment, run }: OwnedBy,
  tag: string | undefined,
  use: OwnedArtefact["use"],
  artefact: Artefact,
): Generator<OwnedArtefact> {
  const [ofStore, ofDeployment, ofRun] = tag?.split("/") ?? [];
  if (ofStore === undefined || ofDeployment === undefined || ofRun === undefined) return;
  if ((store ?? ofStore) !== ofStore || (deployment ?? ofDeployment) !== ofDeployment || (run ?? ofRun) !== ofRun)
    return;
  yield {
    ...artefact,
    use,
    tag: { store: ofStore, deployment: asId<DeploymentId>(ofDeployment), run: asId<RunId>(ofRun) },
  };
}

/** Removes one of them; another tag by now is refused. */
export const discardOwned = async (cloud: ToyCloud, artefact: OwnedArtefact, signal: AbortSignal): Promise<void> => {
  const there = [...ownedBy(cloud, {})].find(({ kind, id }) => kind === artefact.kind && id === artefact.id);
  if (there === undefined) return;
  if (there.tag.store !== artefact.tag.store || there.tag.run !== artefact.tag.run)
    throw failure("conflict", `${artefact.id} belongs to another run by now; it was not touched.`);
  await remove(cloud, artefact, signal);
};

const remove = async (cloud: ToyCloud, { kind, id, owner }: OwnedArtefact, signal: AbortSignal): Promise<void> => {
  const { backups, disks } = cloud;
  switch (kind) {
    case "toy-snapshot":
      return await cloud.remove(owner, id, signal);
    case "toy-point":
      return await onThing(backups.points.get(id), (point) => backups.dropPoint(point, signal));
    case "toy-job":
      return await onThing(backups.jobs.get(id), (job) => backups.end(job, signal));
    case "toy-scratch":
      return await onThing(backups.scratch.get(id), (one) => backups.dropScratch(one, signal));
    default:
      return await onThing(disks.all.get(id), (disk) => disks.drop(disk.id, signal));
  }
};

const onThing = async <T>(thing: T | undefined, work: (thing: T) => Promise<void>): Promise<void> => {
  if (thing !== undefined) await work(thing);
};
