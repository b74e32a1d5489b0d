import { failure, type OwnershipTag } from "@quiesce/core";
import { domainStartFlags, isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import { isSameTag, readMark, tagOfMark, wokenMark, writeMark } from "../api/mark.ts";
import { isInDoubt } from "../client/in-doubt.ts";
import type { Reader, Writer } from "../client/session.ts";

export interface Waking {
  readonly api: Writer;
  readonly tag: OwnershipTag;
  readonly signal: AbortSignal;
}

/**
 * Starts a machine that is off and lets nothing in it run, because QEMU alone can work on its checkpoints. It ends with this
 * connection, so that it is off again even when this process is killed. The mark is on what runs and not in the definition:
 * whoever starts the machine after that has none.
 */
export const wake = async (c: Waking, domain: DomainRef): Promise<DomainRef> => {
  const { libvirt } = c.api;
  const woken = await startStill(c, domain);
  try {
    const { store, deployment, run } = c.tag;
    await writeMark(libvirt, woken, wokenMark, { store, deployment, run }, { signal: c.signal, in: "running" });
    return woken;
  } catch (thrown) {
    // Without its mark nobody could tell that it is ours.
    await libvirt.domains.destroy(woken, 0, { signal: AbortSignal.timeout(cleanUpMs) }).catch(() => {});
    throw thrown;
  }
};

const cleanUpMs = 30_000;

const startStill = async ({ api: { libvirt }, signal }: Waking, domain: DomainRef): Promise<DomainRef> => {
  try {
    return await libvirt.domains.start(domain, domainStartFlags.paused | domainStartFlags.autodestroy, { signal });
  } catch (thrown) {
    if (isLibvirtError(thrown, "operation-invalid"))
      throw failure("unavailable", `${domain.name} was started by somebody else meanwhile. It is tried again.`, {
        retry: "later",
      });
    if (!isInDoubt(thrown) || (await libvirt.domains.state(domain, { signal })).state !== "paused") throw thrown;
    // It was off right before, and only the reply was lost.
    return await libvirt.domains.byUuid(domain.uuid, { signal });
  }
};

/** Who woke the machine, as long as nobody let it run since. */
export const wokenBy = async (
  { api, signal }: { readonly api: Pick<Reader, "libvirt">; readonly signal: AbortSignal },
  domain: DomainRef,
): Promise<OwnershipTag | undefined> => {
  const { state } = await api.libvirt.domains.state(domain, { signal });
  return state === "paused" ? tagOfMark(await readMark(api.libvirt, domain, wokenMark, { signal })) : undefined;
};

/** Whether this run woke the machine and nobody let it run since. */
export const isAwake = async (c: Waking, domain: DomainRef): Promise<boolean> =>
  isSameTag(await wokenBy(c, domain), c.tag);

/** Puts a machine that this run woke back to sleep. One that somebody let run meanwhile is theirs, and stays. */
export const layDown = async (c: Waking, domain: DomainRef): Promise<void> => {
  if (await isAwake(c, domain)) await endStill(c, domain);
};

/** It may end by itself in between: with the connection that started it. */
export const endStill = async ({ api, signal }: Pick<Waking, "api" | "signal">, domain: DomainRef): Promise<void> => {
  try {
    await api.libvirt.domains.destroy(domain, 0, { signal });
  } catch (thrown) {
    if (!isLibvirtError(thrown, "operation-invalid", "no-domain")) throw thrown;
  }
};
