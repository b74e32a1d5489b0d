import { failure, type Manifest } from "@quiesce/core";
import type { Encoding } from "../block/job.ts";
import { fileName, folderName } from "../file/encode-name.ts";

/** A set's folder below the root. */
export const setFolderOf = ({ deployment, name, kind }: Pick<Manifest, "deployment" | "name" | "kind">): string =>
  `${folderName(deployment)}/${folderName(name)}${kind === "backup" ? "" : `.${kind}`}`;

/** What a stored disk's file is called, by what it holds. */
export const diskFileName = (disk: string, kind: "full" | "increment", encoding: Encoding): string =>
  `${folderName(disk)}.${kind === "full" ? "raw" : "extents"}${encoding === "plain" ? "" : ".zst"}`;

const ofDisk = /^(?<base>[a-z0-9_%-]+)\.(?:raw|extents)(?:\.zst)?$/;
const ofOurs = /\.(?:raw|extents|zst|index|sha256|partial)$/;

/** A small file's name on disk. One that looks like a part of a disk is refused. */
export const smallFileName = (name: string): string => {
  const file = fileName(name);
  if (ofOurs.test(file)) throw failure("invalid", `A file in a repository cannot end like a disk's does: ${name}.`);
  return file;
};

/** Every name that a disk's files may have; `index` is the one that says that the disk is whole. */
export const filesOfDisk = (disk: string): { readonly index: string; readonly content: readonly string[] } => {
  const base = folderName(disk);
  return {
    index: `${base}.index`,
    content: ["raw", "raw.zst", "extents", "extents.zst"].map((end) => `${base}.${end}`),
  };
};

/** Where a stored file lies, by its id; paths are below the root. */
export interface FilePlace {
  readonly is: "disk" | "file";
  readonly id: string;
  readonly set: string;
  readonly folder: string;
  /** Proves that the file is whole: a disk's index, a small file's digest. */
  readonly proof: string;
}

const folder = "[a-z0-9_%-]+";
const idShape = new RegExp(
  `^(?<set>${folder}/${folder}(?:\\.snapshot)?)/(?<instance>${folder})/(?<file>[a-z0-9_%-][a-z0-9._%-]*)$`,
);

/** Undefined for what no repository would have made: it never leads out of the root. */
export const placeOf = (id: string): FilePlace | undefined => {
  const { set, instance, file } = idShape.exec(id)?.groups ?? {};
  if (set === undefined || instance === undefined || file === undefined) return undefined;
  const inside = { id, set, folder: `${set}/${instance}` };
  const base = ofDisk.exec(file)?.groups?.["base"];
  if (base !== undefined) return { ...inside, is: "disk", proof: `${inside.folder}/${base}.index` };
  return ofOurs.test(file) ? undefined : { ...inside, is: "file", proof: `${id}.sha256` };
};
