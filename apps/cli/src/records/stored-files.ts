import type { Artefact, Manifest } from "@quiesce/core";

/** A file of a set in its repository. */
export type StoredArtefact = Artefact & { readonly sha256: string };

/** The files of a set that lie in a repository, each once. */
export const storedFiles = ({ items }: Pick<Manifest, "items">): readonly StoredArtefact[] => {
  const files = items.flatMap(({ artefacts }) => artefacts.filter(isStored));
  return [...new Map(files.map((file) => [file.id, file])).values()];
};

export const isStored = (artefact: Artefact): artefact is StoredArtefact => artefact.sha256 !== undefined;
