import type { OwnershipTag } from "@quiesce/core";
import { domainStartFlags, type DomainRef } from "@quiesce/node-libvirt";
import { readMark, removeMark, wokenMark, writeMark } from "../api/mark.ts";
import type { Writer } from "../client/session.ts";

export interface Waking {
  readonly api: Writer;
  readonly tag: OwnershipTag;
  readonly signal: AbortSignal;
}

/**
 * Starts a machine that is off and lets nothing in it run, because QEMU alone can work on its checkpoints. It ends with this
 * connection, so that it is off again even when this process is killed. The mark is written first: it tells that it was us.
 */
export const wake = async ({ api: { libvirt }, tag, signal }: Waking, domain: DomainRef): Promise<DomainRef> => {
  await writeMark(libvirt, domain, wokenMark, { store: tag.store, run: tag.run }, { signal });
  return await libvirt.domains.start(domain, domainStartFlags.paused | domainStartFlags.autodestroy, { signal });
};

/** Whether this run woke the machine and nobody let it run since. */
export const isAwake = async ({ api: { libvirt }, tag, signal }: Waking, domain: DomainRef): Promise<boolean> => {
  const mark = await readMark(libvirt, domain, wokenMark, { signal });
  if (mark?.["store"] !== tag.store || mark["run"] !== tag.run) return false;
  return (await libvirt.domains.state(domain, { signal })).state === "paused";
};

/** Puts a machine that this run woke back to sleep. One that somebody let run meanwhile is theirs, and stays. */
export const layDown = async (c: Waking, domain: DomainRef): Promise<void> => {
  const { libvirt } = c.api;
  const mark = await readMark(libvirt, domain, wokenMark, { signal: c.signal });
  if (mark?.["store"] !== c.tag.store || mark["run"] !== c.tag.run) return;
  if (await isAwake(c, domain)) await libvirt.domains.destroy(domain, 0, { signal: c.signal });
  await removeMark(libvirt, domain, wokenMark, { signal: c.signal });
};
