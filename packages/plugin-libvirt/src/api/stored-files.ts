import { failure, type Artefact } from "@quiesce/core";

/** Repository ids of what is to be removed. Throws, before anything is removed, when one is not of this very object. */
export const storedFiles = (artefacts: readonly Artefact[], owner: string, kind: string): readonly string[] =>
  artefacts.map((artefact) => {
    if (artefact.kind === kind && artefact.owner === owner) return artefact.id;
    throw failure(
      "invalid",
      `The artefact ${artefact.id} (${artefact.kind} of ${artefact.owner}) is no ${kind} of ${owner}; nothing was removed.`,
    );
  });
