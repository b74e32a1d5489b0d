import { isProviderFailure, type Damage, type StoredFile } from "@quiesce/core";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { layersOf, type ChainRoot, type Layer } from "../read/chain.ts";
import { placeOf } from "../set/layout.ts";
import { lookAtSmallFile } from "../set/small-file.ts";

/** A stored file, and the digest that its set's manifest knows. */
export type Expected = Pick<StoredFile, "id"> & { readonly sha256?: string };

/** What is wrong with a file and with what it builds on, as far as it shows without reading content. */
export const inspect = async (where: ChainRoot, expected: Expected): Promise<readonly Damage[]> =>
  placeOf(expected.id)?.is === "disk"
    ? (await lookAtChain(where, expected)).damage
    : (await lookAtFile(where.root, expected)).damage;

export interface ChainLook {
  /** As far as the chain can be followed. */
  readonly layers: readonly Layer[];
  readonly damage: readonly Damage[];
}

export const lookAtChain = async (where: ChainRoot, expected: Expected): Promise<ChainLook> => {
  const layers: Layer[] = [];
  const damage: Damage[] = [];
  let wanted = expected.id;
  try {
    for await (const layer of layersOf(where, expected)) {
      layers.push(layer);
      wanted = layer.index.header.parent?.id ?? wanted;
      damage.push(...(await lookAtSize(where.root, layer)));
    }
  } catch (error) {
    damage.push({ file: wanted, reason: reasonOf(error) });
  }
  return { layers, damage };
};

const lookAtSize = async (root: string, { id, index: { end } }: Layer): Promise<readonly Damage[]> => {
  const found = await stat(join(root, id)).catch(unlessAbsent);
  if (found === undefined) return [{ file: id, reason: `The file ${id} is missing.` }];
  if (found.size === end.fileBytes) return [];
  return [{ file: id, reason: `The file ${id} has ${found.size} bytes instead of ${end.fileBytes}.` }];
};

export const lookAtFile = async (
  root: string,
  { id, sha256 }: Expected,
): Promise<{ readonly bytes: number; readonly damage: readonly Damage[] }> => {
  try {
    const found = await lookAtSmallFile(root, id);
    if (found === undefined) return { bytes: 0, damage: [{ file: id, reason: `The file ${id} is missing.` }] };
    const { length: bytes } = found.bytes;
    if (sha256 === undefined || sha256 === found.sha256) return { bytes, damage: [] };
    return { bytes, damage: [{ file: id, reason: `The file ${id} is not the one that its set knows.` }] };
  } catch (error) {
    return { bytes: 0, damage: [{ file: id, reason: reasonOf(error) }] };
  }
};

/** What is damaged or missing is told; any other failure says nothing about the file. */
const reasonOf = (error: unknown): string => {
  if (isProviderFailure(error) && ["damaged", "not-found"].includes(error.problem.code)) return error.message;
  throw error;
};
