import { isDeepStrictEqual } from "node:util";
import {
  isProviderFailure,
  type Clock,
  type Damage,
  type FoundSet,
  type Manifest,
  type Repository,
  type SetCheck,
} from "@quiesce/core";
import { storedFiles } from "../records/stored-files.ts";

export interface CheckPorts {
  readonly repository: Repository;
  readonly clock: Pick<Clock, "now">;
  readonly signal: AbortSignal;
  readonly onProgress: (at: { readonly file: string; readonly done: number; readonly total?: number }) => void;
}

/** Reads every byte of a set again, one file after another, and compares its manifest in the repository. */
export const checkSet = async (
  set: Manifest,
  kept: readonly FoundSet[],
  { repository, clock, signal, onProgress }: CheckPorts,
): Promise<SetCheck> => {
  const damage: Damage[] = [...manifestDamage(set, kept)];
  let bytes = 0;
  for (const file of storedFiles(set)) {
    signal.throwIfAborted();
    const report = ({ done, total }: { done: number; total?: number }): void =>
      onProgress({ file: file.id, done, ...(total === undefined ? {} : { total }) });
    try {
      const read = await repository.verify(file, signal, report);
      bytes += read.bytes;
      damage.push(...read.damage);
    } catch (thrown) {
      if (!isProviderFailure(thrown) || signal.aborted) throw thrown;
      damage.push({ file: file.id, reason: thrown.problem.message });
    }
  }
  return { at: clock.now(), bytes, damage };
};

/** What the set's own manifest in the repository lacks; without it a lost catalogue could not be made again. */
const manifestDamage = (set: Manifest, kept: readonly FoundSet[]): readonly Damage[] => {
  const file = `manifest of ${set.kind} ${set.name}`;
  const own = kept.find((found) => found.is === "whole" && found.manifest.id === set.id);
  if (own?.is === "whole")
    return isDeepStrictEqual(idsOf(own.manifest), idsOf(set))
      ? []
      : [{ file, reason: "It names other files than the catalogue does." }];
  const broken = kept.flatMap((found) => (found.is === "damaged" ? [`${found.at}: ${found.reason}`] : []));
  return [{ file, reason: broken.length === 0 ? "It is not there." : `It is not there, or is ${broken.join("; ")}` }];
};

const idsOf = (set: Manifest): readonly string[] =>
  storedFiles(set)
    .map(({ id, sha256 }) => `${id} ${sha256}`)
    .toSorted();
