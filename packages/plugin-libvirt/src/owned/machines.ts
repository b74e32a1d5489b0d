import type { DomainRef } from "@quiesce/node-libvirt";
import { readDomain } from "../api/domain.ts";
import { readMark, removeMark, suspendedMark, tagOfMark } from "../api/mark.ts";
import { ownershipOf } from "../api/ownership.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { endStill, wokenBy } from "../vm/wake.ts";
import type { Found, Looking } from "./found.ts";

/** A machine that stands still because a run of ours started it for its disks. */
export const wokenMachineOf = async (c: Looking, domain: DomainRef): Promise<readonly Found[]> => {
  const tag = await orUndefined(wokenBy(c, domain), "no-domain");
  if (tag === undefined) return [];
  const { uuid, name } = domain;
  return [
    {
      artefact: { kind: "woken-machine", id: uuid, owner: uuid, name, tag, use: "working" },
      remove: (removing) => endStill(removing, domain),
    },
  ];
};

/** A machine without a definition that stands in for a saved one, and says so. */
export const standInOf = async ({ api, signal }: Looking, domain: DomainRef): Promise<readonly Found[]> => {
  const { domains } = api.libvirt;
  if ((await orUndefined(domains.isPersistent(domain, { signal }), "no-domain")) !== false) return [];
  const xml = await orUndefined(domains.xml(domain, 0, { signal }), "no-domain");
  const ownership = xml === undefined ? undefined : ownershipOf(readDomain(xml).description);
  if (ownership === undefined || ownership.domain === domain.uuid) return [];
  return [
    {
      artefact: {
        kind: "stand-in",
        id: domain.uuid,
        owner: ownership.domain,
        name: domain.name,
        tag: ownership.tag,
        use: "working",
      },
      remove: (removing) => endStill(removing, domain),
    },
  ];
};

/**
 * The mark of a suspend in a machine that runs: the run died before it stopped the machine, or somebody else resumed it. In a
 * machine that is suspended it is what the resume goes by, and stays.
 */
export const staleMarkOf = async ({ api, signal }: Looking, domain: DomainRef): Promise<readonly Found[]> => {
  const { libvirt } = api;
  const mark = await orUndefined(readMark(libvirt, domain, suspendedMark, { signal }), "no-domain");
  const tag = tagOfMark(mark);
  if (tag === undefined || (await libvirt.domains.state(domain, { signal })).state !== "running") return [];
  const { uuid, name } = domain;
  return [
    {
      artefact: { kind: "suspended-mark", id: `${uuid}/suspended-mark`, owner: uuid, name, tag, use: "working" },
      remove: (removing) => removeMark(removing.api.libvirt, domain, suspendedMark, { signal: removing.signal }),
    },
  ];
};
