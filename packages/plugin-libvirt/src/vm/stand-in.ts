import { failure } from "@quiesce/core";
import { domainStartFlags, type DomainRef } from "@quiesce/node-libvirt";
import { readDomain, type Domain } from "../api/domain.ts";
import { isSameTag } from "../api/mark.ts";
import { describe, ownershipOf } from "../api/ownership.ts";
import { standInXml } from "../api/stand-in.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { names } from "../names.ts";
import type { Backing, Looking } from "./backup-context.ts";
import { backedUpDisks } from "./backup-disks.ts";
import { endStill } from "./wake.ts";

/**
 * Starts what stands in for a saved machine: to start the machine itself would consume its saved memory. It ends with this
 * connection.
 */
export const startStandIn = async (c: Backing, machine: Domain, xml: string): Promise<DomainRef> => {
  const known = await standInOf(c);
  if (known !== undefined) return known;
  const standIn = standInXml(xml, {
    name: c.name(names),
    description: describe(
      { tag: c.tag, domain: machine.uuid, consistency: "paused" },
      `Stands in for the saved machine ${machine.name} while its disks are backed up`,
    ),
    disks: backedUpDisks(machine),
  });
  const flags = domainStartFlags.paused | domainStartFlags.autodestroy;
  return await c.api.libvirt.domains.startTransient(standIn, flags, { signal: c.signal });
};

export const removeStandIn = async (c: Backing): Promise<void> => {
  const standIn = await standInOf(c);
  if (standIn !== undefined) await endStill(c, standIn);
};

/** This run's stand-in for the machine. Throws when another machine has its name. */
export const standInOf = async (c: Looking): Promise<DomainRef | undefined> => {
  const { domains } = c.api.libvirt;
  const found = await orUndefined(domains.byName(c.name(names), { signal: c.signal }), "no-domain");
  const xml = found && (await orUndefined(domains.xml(found, 0, { signal: c.signal }), "no-domain"));
  if (found === undefined || xml === undefined) return undefined;
  const ownership = ownershipOf(readDomain(xml).description);
  if (isSameTag(ownership?.tag, c.tag) && ownership?.domain === c.target.providerId) return found;
  throw failure(
    "conflict",
    `A machine that is not ours has the name ${c.name(names)}, which this backup needs; it was not touched. Rename it.`,
  );
};
