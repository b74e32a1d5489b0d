import type { Host } from "../host/host.ts";
import type { Domain } from "./domain.ts";
import { emitLifecycle } from "./power.ts";

/** As QEMU does for a write that finds no space: the guest stands still until somebody resumes it. */
export const pauseOnDiskError = (host: Host, domain: Domain): void => {
  if (domain.state.name !== "running") return;
  domain.guest.pause();
  domain.state = { name: "paused", reason: "io-error" };
  host.events.emit({ kind: "io-error", domain, id: domain.id, reason: "enospc" });
  emitLifecycle(host, domain, "suspended", "io-error");
};
