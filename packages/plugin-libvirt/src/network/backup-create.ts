import type { CaptureHandler, Input, Outcome, StoredFile, Target } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { definitionIn, readDefinition, type NetworkDefinition } from "./definition.ts";

type Create = Input<"backup.create", Options>;

/** The file with the definition in the set's folder, as `virsh net-define` takes it. */
export const definitionFile = "network.xml";

/**
 * Takes a network's definition into the set's record, and as a file into the repository, so that it can be had without
 * Quiesce. Nothing is made at the provider.
 */
export const backupCreate: CaptureHandler<Reader, Writer, Create, Target<"network">> = {
  observe: async (c) => {
    const captured = c.input.captured;
    if (captured === undefined) return { is: "absent" };
    const definition = definitionIn(captured);
    const file = await c.repository.find(definitionFile);
    return file === undefined
      ? { is: "done", outcome: outcomeOf(definition), whole: false }
      : { is: "done", outcome: outcomeOf(definition, file) };
  },

  act: async ({ api, target, signal }) => {
    const network = await api.libvirt.networks.byUuid(target.providerId, { signal });
    const definition = await readDefinition(api.libvirt, network, { signal });
    return { next: "evidence", outcome: outcomeOf(definition) };
  },

  discard: (c) => c.repository.clear(),

  complete: async (c, captured) => {
    await c.repository.putFile(definitionFile, Buffer.from(definitionIn(captured).xml));
  },
};

const outcomeOf = (definition: NetworkDefinition, file?: StoredFile): Outcome => ({
  artefacts:
    file === undefined
      ? []
      : [
          {
            kind: "definition",
            id: file.id,
            owner: definition.uuid,
            name: definitionFile,
            bytes: file.bytes,
            sha256: file.sha256,
          },
        ],
  consistency: "offline",
  covered: [],
  saved: { ...definition },
});
