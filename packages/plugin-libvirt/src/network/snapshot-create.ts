import type { CaptureHandler, Context, Input, JsonObject, Outcome, Target } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { definitionIn, readDefinition, type NetworkDefinition } from "./definition.ts";

type Create = Input<"snapshot.create", Options>;

/**
 * Takes a network's definition into the catalogue. Nothing is made at the provider, so a look there can find nothing:
 * the reply to the read is the evidence, and the completing step gets it back as `captured`.
 */
export const snapshotCreate: CaptureHandler<Reader, Writer, Create, Target<"network">> = {
  observe: async (c) => {
    const captured = capturedOf(c);
    return captured === undefined ? { is: "absent" } : { is: "done", outcome: outcomeOf(definitionIn(captured)) };
  },

  act: async ({ api, target, signal }) => {
    const network = await api.libvirt.networks.byUuid(target.providerId, { signal });
    const definition = await readDefinition(api.libvirt, network, { signal });
    return { next: "evidence", outcome: outcomeOf(definition) };
  },

  // Nothing was made anywhere: the set's record goes with the set.
  discard: async () => {},

  complete: async (_, captured) => {
    definitionIn(captured);
  },
};

/** The completing step's input holds what the capture saved. */
const capturedOf = ({ input }: Context<Reader, Create, Target<"network">>): JsonObject | undefined =>
  (input as Create & { readonly captured?: JsonObject }).captured;

const outcomeOf = (definition: NetworkDefinition): Outcome => ({
  artefacts: [],
  consistency: "offline",
  covered: [],
  saved: { ...definition },
});
