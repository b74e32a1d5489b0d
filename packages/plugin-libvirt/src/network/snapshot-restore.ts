import type { CompareHandler, Input, Target } from "@quiesce/core";
import { isLibvirtError, type CallOptions, type LibvirtReader, type NetworkRef } from "@quiesce/node-libvirt";
import { driftOf } from "../api/drift.ts";
import { canonicalNetwork, comparable } from "../api/network.ts";
import type { Reader } from "../client/session.ts";
import type { Options } from "../options.ts";
import { definitionIn, readDefinition, type NetworkDefinition } from "./definition.ts";

/**
 * Compares a network with its stored definition and changes nothing: guests of others may hang on it. A network that
 * is gone is one difference.
 */
export const snapshotRestore: CompareHandler<Reader, Input<"snapshot.restore", Options>, Target<"network">> = {
  compare: async ({ api, input, target, signal }) => {
    const stored = definitionIn(input.saved);
    const network = await findNetwork(api.libvirt, target.providerId, stored.name, { signal });
    if (network === undefined) return [{ path: "", stored: summary(stored), current: null }];
    const current = await readDefinition(api.libvirt, network, { signal });
    const wanted = canonicalNetwork(stored.xml);
    return [
      ...driftOf(wanted, comparable(canonicalNetwork(current.xml), wanted)),
      ...driftOf(
        { active: stored.active, autostart: stored.autostart },
        { active: current.active, autostart: current.autostart },
      ),
    ];
  },
};

/** By its id, or, when somebody defined it anew, by its name; the other id is then a difference by itself. */
const findNetwork = async (
  { networks }: Pick<LibvirtReader, "networks">,
  uuid: string,
  name: string,
  options: CallOptions,
): Promise<NetworkRef | undefined> => {
  for (const look of [() => networks.byUuid(uuid, options), () => networks.byName(name, options)]) {
    try {
      return await look();
    } catch (thrown) {
      if (!isLibvirtError(thrown, "no-network")) throw thrown;
    }
  }
  return undefined;
};

const summary = ({ name, uuid }: NetworkDefinition) => ({ name, uuid });
