import type { DomainRef } from "@quiesce/node-libvirt";
import { problem } from "../client/problem.ts";
import type { Writer } from "../client/session.ts";

/**
 * Sets the clock of a guest that came back from the past, and says how. First from the machine's own hardware clock, which
 * QEMU keeps at the host's time; then from the clock of the computer that this runs on. A failure is told, not thrown:
 * a wrong clock is no reason to call a thawed guest frozen.
 */
export const setGuestClock = async (
  { libvirt, agentSeconds }: Writer,
  domain: DomainRef,
  signal: AbortSignal,
): Promise<string> => {
  const { agent } = libvirt;
  try {
    await agent.setResponseTimeout(domain, agentSeconds, { signal });
    await agent.setTime(domain, "from-hardware-clock", { signal });
    return "set from the machine's hardware clock";
  } catch {
    try {
      const now = Date.now();
      const time = { seconds: Math.floor(now / 1000), nanoseconds: (now % 1000) * 1_000_000 };
      await agent.setTime(domain, time, { signal });
      return "set from the clock of the computer that ran quiesce";
    } catch (thrown) {
      return `not set: ${problem(thrown).message}`;
    }
  }
};
