import { failure } from "@quiesce/core";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { damaged } from "../format/damaged.ts";
import { readIndex, type DiskIndex } from "../format/disk-index.ts";
import { placeOf } from "../set/layout.ts";

/** A stored disk of a chain: its path below the root, and its index. */
export interface Layer {
  readonly id: string;
  readonly index: DiskIndex;
}

export interface ChainRoot {
  readonly root: string;
  /** The repository's id. */
  readonly repository: string;
}

/** `sha256`: what its index must have. `by`: the disk that builds on it. */
export interface Wanted {
  readonly id: string;
  readonly sha256?: string;
  readonly by?: string;
}

/** A stored disk and all that it builds on, newest first; the last one is whole. Throws what is missing or foreign. */
export async function* layersOf(where: ChainRoot, first: Wanted): AsyncGenerator<Layer> {
  for (let wanted: Wanted | undefined = first; wanted !== undefined;) {
    const { id }: Wanted = wanted;
    const index = await readLayer(where, wanted);
    yield { id, index };
    wanted = index.header.parent === undefined ? undefined : { ...index.header.parent, by: id };
  }
}

export const readLayer = async ({ root, repository }: ChainRoot, { id, sha256, by }: Wanted): Promise<DiskIndex> => {
  const place = placeOf(id);
  if (place?.is !== "disk") throw failure("invalid", `${id} is not a disk of a repository.`);
  const index = await readIndex(join(root, place.proof), place.proof).catch(unlessAbsent);
  if (index === undefined)
    throw by === undefined
      ? failure("not-found", `The repository ${root} has no whole disk ${id}.`)
      : damaged(`The disk ${id} is missing, which ${by} builds on.`);
  const { header } = index;
  if (header.repository !== repository)
    throw damaged(`The disk ${id} belongs to another repository (${header.repository}), not to ${root}.`);
  if (header.id !== id) throw damaged(`The index ${place.proof} is that of ${header.id}: it was moved or exchanged.`);
  if (sha256 !== undefined && index.sha256 !== sha256)
    throw damaged(
      `The disk ${id} is not the one that ${by ?? "its set"} knows: it was stored anew since, or exchanged.`,
    );
  return index;
};
