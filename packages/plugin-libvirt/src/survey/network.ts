import type { Surveyed, Target } from "@quiesce/core";
import type { CallOptions } from "@quiesce/node-libvirt";
import { canonicalNetwork } from "../api/network.ts";
import type { Reader } from "../client/session.ts";
import { readDefinition } from "../network/definition.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { findByIdOrName } from "./find.ts";
import { fingerprint } from "./fingerprint.ts";
import { unsurveyed } from "./unsurveyed.ts";

export const surveyNetwork = async (
  read: Reader,
  target: Target<"network">,
  options: CallOptions,
): Promise<Surveyed> => {
  const { networks } = read.libvirt;
  const look = {
    byUuid: (uuid: string) => networks.byUuid(uuid, options),
    byName: (name: string) => networks.byName(name, options),
  };
  const found = await findByIdOrName(target.providerId, look, "no-network");
  if (found.is !== "found") return unsurveyed(target, found, "network", "virsh net-list --all");
  const definition = await orUndefined(readDefinition(read.libvirt, found.ref, options), "no-network");
  if (definition === undefined) return unsurveyed(target, { is: "missing" }, "network", "virsh net-list --all");
  const { name, uuid, xml, active, autostart } = definition;
  return {
    instance: target.instance,
    providerId: uuid,
    name,
    state: `${active ? "active" : "inactive"}${autostart ? ", autostart" : ""}`,
    account: read.account,
    fingerprint: fingerprint({ uuid, definition: canonicalNetwork(xml), active, autostart }),
    disks: [],
    attachedTo: [],
    lowered: [],
    recipes: {},
    notes: [],
  };
};
