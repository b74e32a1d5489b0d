import type { Finding } from "@quiesce/core";
import { isLibvirtError, type CallOptions, type DomainRef } from "@quiesce/node-libvirt";
import type { Reader } from "../client/session.ts";

const toleratedMs = 5000;

/** A guest's clock against this computer's. A guest that cannot tell its time is no finding. */
export const clockFindings = async (
  { guest }: Reader,
  ref: DomainRef,
  options: CallOptions,
): Promise<readonly Finding[]> => {
  try {
    const offsetMs = (await guest.clockMs(ref, options)) - Date.now();
    if (Math.abs(offsetMs) <= toleratedMs) return [];
    const seconds = Math.round(Math.abs(offsetMs) / 1000);
    const message = `Its clock is ${seconds} s ${offsetMs > 0 ? "ahead of" : "behind"} this computer's.`;
    return [
      { level: "warning", about: ref.name, message, fix: `virsh domtime ${ref.name} --sync, and NTP in the guest` },
    ];
  } catch (thrown) {
    if (isLibvirtError(thrown)) return [];
    throw thrown;
  }
};
