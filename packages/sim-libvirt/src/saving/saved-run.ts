import type { GuestMemory } from "../guest/guest-memory.ts";
import type { Host } from "../host/host.ts";
import type { Domain } from "../domain/domain.ts";
import { checkDisks, emitLifecycle, powerOn } from "../domain/power.ts";
import type { XmlElement } from "../xml/element.ts";

/** A guest that was stopped with its memory kept. */
export interface SavedRun {
  readonly memory: GuestMemory;
  readonly live: XmlElement;
  /** How it goes on. */
  readonly paused: boolean;
}

/** The guest goes on where it was. @throws {Failure} when a disk is missing */
export const continueRun = (host: Host, domain: Domain, { memory, live, paused }: SavedRun): void => {
  checkDisks(live);
  powerOn(host, domain, live, memory);
  emitLifecycle(host, domain, "started", "restored");
  if (paused) {
    domain.state = { name: "paused", reason: "migration" };
    emitLifecycle(host, domain, "suspended", "restored");
    return;
  }
  domain.guest.run();
  domain.state = { name: "running", reason: "restored" };
  emitLifecycle(host, domain, "resumed", "from-snapshot");
};
