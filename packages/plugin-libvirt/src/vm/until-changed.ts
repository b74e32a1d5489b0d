import type { Polled, Sighting } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
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
