import { isProviderFailure, type Damage, type StoredFile } from "@quiesce/core";
import { digestOf, type MemoryFiles } from "./memory-files.ts";
import type { StoredDisk } from "./stored-disk.ts";

type Wanted = Pick<StoredFile, "id"> & { readonly sha256?: string };

/** What is missing of a file and its chain, and a digest that is another one than the caller remembers. */
export const inspected = (files: MemoryFiles, { id, sha256 }: Wanted): readonly Damage[] => {
  const { layers, missing } = chainOf(files, id);
  const own = layers[0];
  return [
    ...(own !== undefined && sha256 !== undefined && digestOf(own) !== sha256
      ? [{ file: id, reason: `${id} is another file than the set remembers.` }]
      : []),
    ...(missing === undefined ? [] : [{ file: missing, reason: `${missing} is missing.` }]),
  ];
};

export const verified = (files: MemoryFiles, file: Wanted, signal: AbortSignal) => {
  const damage: Damage[] = [...inspected(files, file)];
  let bytes = 0;
  for (const layer of chainOf(files, file.id).layers) {
    signal.throwIfAborted();
    for (const extent of layer.extents) {
      bytes += extent.bytes?.length ?? 0;
      try {
        files.check(layer, extent);
      } catch (thrown) {
        if (!isProviderFailure(thrown)) throw thrown;
        damage.push({ file: layer.id, reason: thrown.message });
      }
    }
  }
  return { bytes, damage };
};

const chainOf = (
  files: MemoryFiles,
  id: string,
): { readonly layers: readonly StoredDisk[]; readonly missing?: string } => {
  const layers: StoredDisk[] = [];
  for (let at: string | undefined = id; at !== undefined; at = layers.at(-1)?.parent) {
    const layer = files.whole.get(at);
    if (layer === undefined) return { layers, missing: at };
    layers.push(layer);
  }
  return { layers };
};
