import type { Polled, Sighting } from "@quiesce/core";
import { isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import { powerOf, type Power } from "../api/power.ts";
import type { Reader } from "../client/session.ts";

const pollMs = 250;

interface Waiting {
  readonly api: Reader;
  readonly target: { readonly providerId: string };
  readonly signal: AbortSignal;
  sleep(ms: number): Promise<void>;
}

/** For `observe`: libvirt itself is moving the machine to another state. */
export const changing: Sighting = { is: "running", ticket: { waits: "power" } };

/** For `poll`: whether it is still on its way. */
export const pollPower = async ({ api, target, signal }: Waiting): Promise<Polled> => {
  const domain = await api.libvirt.domains.byUuid(target.providerId, { signal });
  const power = await powerOf(api.libvirt, domain, { signal });
  return power === "changing" ? { is: "running", againMs: pollMs } : { is: "finished" };
};

/** Waits until the machine has left a state, as long as the step's deadline allows. */
export const untilLeft = async (c: Waiting, domain: DomainRef, from: Power): Promise<Power> => {
  for (;;) {
    const power = await powerOf(c.api.libvirt, domain, { signal: c.signal });
    if (power !== from) return power;
    await c.sleep(pollMs);
  }
};

/** Makes a call that libvirt refuses when the machine is no longer as it was: somebody, or a call of ours whose reply was lost, was faster. */
export const unlessMoved = async (
  c: Waiting,
  domain: DomainRef,
  from: Power,
  call: () => Promise<unknown>,
): Promise<void> => {
  try {
    await call();
  } catch (thrown) {
    if (!isLibvirtError(thrown, "operation-invalid", "internal-error")) throw thrown;
    if ((await powerOf(c.api.libvirt, domain, { signal: c.signal })) === from) throw thrown;
  }
};
