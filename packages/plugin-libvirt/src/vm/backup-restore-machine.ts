import { failure } from "@quiesce/core";
import { domainXmlFlags, type CallOptions, type DomainRef } from "@quiesce/node-libvirt";
import { domainOf, readDomain, type Domain } from "../api/domain.ts";
import { markIn, restoredMark, undoneMark, type MarkFields } from "../api/mark.ts";
import { readXml } from "../api/xml.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { BackupRecord } from "./backup-record.ts";
import type { Restore } from "./backup-restore-context.ts";
import { isMarked, type RestoreId } from "./backup-restore-mark.ts";

/** Which machine a restore makes or overwrites. */
export interface Identity {
  readonly uuid: string;
  readonly name: string;
  readonly is: "same" | "new";
}

/** A new machine gets the step's own UUID: the same for each try, so that it is found again. */
export const identityOf = ({ input, target, requestId }: Restore, record: BackupRecord): Identity => {
  if (input.as.place === "new") return { uuid: requestId, name: input.as.name, is: "new" };
  if (record.uuid === target.providerId) return { uuid: record.uuid, name: record.name, is: "same" };
  throw failure(
    "invalid",
    `The backup is of the machine ${record.uuid} (${record.name}), not of ${target.providerId}; nothing was touched.`,
  );
};

/** What a host has under a restore's UUID. */
export interface FoundMachine {
  readonly ref: DomainRef;
  /** As it starts next time. */
  readonly defined: Domain;
  /** The definition of the wanted restore is there. */
  readonly marked: boolean;
  /** Of the last restore of ours. */
  readonly mark: MarkFields | undefined;
  /** Of the last restore of ours that was taken back. */
  readonly undone: MarkFields | undefined;
  /** It runs on other disks than those of its definition. */
  readonly runsOnOthers: boolean;
}

export const findMachine = async (
  c: Pick<Restore, "api" | "signal">,
  uuid: string,
  wanted: RestoreId,
): Promise<FoundMachine | undefined> => {
  const { domains } = c.api.libvirt;
  const options = { signal: c.signal };
  const ref = await orUndefined(domains.byUuid(uuid, options), "no-domain");
  const xml = ref && (await orUndefined(domains.xml(ref, domainXmlFlags.inactive, options), "no-domain"));
  if (ref === undefined || xml === undefined) return undefined;
  const domain = readXml(xml, "domain");
  const defined = domainOf(domain);
  const mark = markIn(domain, restoredMark);
  return {
    ref,
    defined,
    mark,
    undone: markIn(domain, undoneMark),
    marked: isMarked(mark, wanted),
    runsOnOthers: await runsOnOthers(c, ref, defined, options),
  };
};

const runsOnOthers = async (
  { api: { libvirt } }: Pick<Restore, "api">,
  ref: DomainRef,
  defined: Domain,
  options: CallOptions,
): Promise<boolean> => {
  if (!(await libvirt.domains.isActive(ref, options))) return false;
  const live = readDomain(await libvirt.domains.xml(ref, 0, options));
  const wanted = new Map(defined.disks.map(({ name, source }) => [name, JSON.stringify(source)]));
  return live.disks.some(({ name, source }) => wanted.has(name) && wanted.get(name) !== JSON.stringify(source));
};

/** libvirt knows machines by name too, and a name leads to one machine only. */
export const assertNameFree = async (c: Restore, { uuid, name }: Identity): Promise<void> => {
  const other = await orUndefined(c.api.libvirt.domains.byName(name, { signal: c.signal }), "no-domain");
  if (other === undefined || other.uuid === uuid) return;
  throw failure(
    "conflict",
    `Not restored: the name ${name} belongs to another machine, ${other.uuid}; the restored one would be ${uuid}. ` +
      `Rename that one (virsh domrename ${name} NEW), or restore under another name: --as NAME.`,
  );
};
