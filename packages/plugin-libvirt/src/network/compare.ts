import type { CompareHandler, Input, Target } from "@quiesce/core";
import { driftOf } from "../api/drift.ts";
import { canonicalNetwork, comparable } from "../api/network.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader } from "../client/session.ts";
import type { Options } from "../options.ts";
import { definitionIn, readDefinition, type NetworkDefinition } from "./definition.ts";

type Restore = Input<"snapshot.restore" | "backup.restore", Options>;

/**
 * Compares a network with its stored definition and changes nothing: guests of others may hang on it. A network that
 * is gone is one difference.
 */
export const compareNetwork: CompareHandler<Reader, Restore, Target<"network">> = {
  compare: async ({ api, input, target, signal }) => {
    const stored = definitionIn(input.saved);
    const { networks } = api.libvirt;
    const network = await orUndefined(networks.byUuid(target.providerId, { signal }), "no-network");
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

const summary = ({ name, uuid }: NetworkDefinition) => ({ name, uuid });
