import { isProviderFailure, isQuiesceError, type Connection, type OwnedBy } from "@quiesce/core";
import type { ProviderPlace } from "./places.ts";
import type { AtProvider, Listing } from "./listed.ts";

/** Hung lists must not keep a command for ever. */
const deadlineMs = 120_000;

/** All that carries a tag at a provider, or why that is not known: half a list says nothing. */
export const listProvider = async (
  { place, provider, fleet }: ProviderPlace,
  by: OwnedBy,
  signal: AbortSignal,
): Promise<Listing> => {
  try {
    const connection = await fleet.connection(provider, "work");
    const listed: AtProvider[] = [];
    for await (const artefact of connection.owned(by, AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])))
      listed.push(atProvider(place, connection, artefact));
    return { listed, unlooked: [] };
  } catch (thrown) {
    if (!isProviderFailure(thrown) && !isQuiesceError(thrown)) throw thrown;
    return { listed: [], unlooked: [{ place, reason: thrown.message }] };
  }
};

const atProvider = (place: string, connection: Connection, artefact: AtProvider["artefact"]): AtProvider => ({
  at: "provider",
  account: connection.account,
  id: artefact.id,
  kind: artefact.kind,
  name: artefact.name,
  tag: artefact.tag,
  place,
  artefact,
  discard: (signal) => connection.discard(artefact, signal),
});
