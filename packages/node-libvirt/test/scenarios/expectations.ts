import { expect, vi } from "vitest";
import type { ErrorName } from "../../src/index.ts";
import type { World } from "./world.ts";

/** How long a guest may take until its agent answers. */
export const bootMs = 90_000;

/** Waits until the agent of our domain answers. */
export const agentReady = ({ libvirt, domain }: World): Promise<void> =>
  vi.waitFor(() => libvirt.agent.ping(domain), { timeout: bootMs, interval: 200 });

export const expectState = async ({ libvirt, domain }: World, state: string, reason: string): Promise<void> =>
  expect(await libvirt.domains.state(domain)).toEqual({ state, reason });

export const expectError = (call: Promise<unknown>, codeName: ErrorName): Promise<void> =>
  expect(call).rejects.toMatchObject({ kind: "libvirt", codeName });

/** The next event of our domain must be this one. */
export const expectEvent = async ({ lifecycle, domain }: World, event: string, detail: string): Promise<void> => {
  const { uuid, name } = domain;
  for await (const happening of lifecycle) {
    if (happening.domain.uuid !== uuid) continue;
    return expect(happening).toMatchObject({ event, detail, domain: { name } });
  }
};
