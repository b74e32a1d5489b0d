import type { Host } from "../host/host.ts";
import type { Domain } from "./domain.ts";
import { emitLifecycle, powerOff } from "./power.ts";

/** The guest's process is gone from one moment to the next: its disks are not closed in order. */
export const crash = (host: Host, domain: Domain | undefined): void => {
  if (domain?.live === undefined) return;
  powerOff(host, domain, { name: "shutoff", reason: "crashed" });
  emitLifecycle(host, domain, "stopped", "failed");
};
