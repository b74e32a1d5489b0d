import type { Domain } from "../domain/domain.ts";
import { completeSave } from "../domain/background-job.ts";
import { emitLifecycle, powerOff } from "../domain/power.ts";
import { failure } from "../failure/failure.ts";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import type { SavedRun } from "./saved-run.ts";

/** How the guest is to go on: as it was unless it is said. */
export type GoesOn = "as-it-was" | "running" | "paused";

/**
 * Stops a guest and gives its memory to `keep`, before it is gone; the job lock is held.
 * @throws {Failure}
 */
export const stopAndSave = async (
  host: Host,
  domain: Domain,
  goesOn: GoesOn,
  keep: (run: SavedRun) => void,
): Promise<void> => {
  const { live, guest, id } = domain;
  const startedAt = host.clock.now();
  const wasPaused = domain.state.name !== "running";
  if (!wasPaused) emitLifecycle(host, domain, "suspended", "paused");
  await guest.stunned(() => sleep(host.clock, host.settings.delays.saveMs));
  // The guest may have been destroyed meanwhile.
  if (live === undefined || domain.live !== live) throw failure("operation-failed", "qemu", "domain is not running");
  const paused = goesOn === "paused" || (goesOn === "as-it-was" && wasPaused);
  keep({ memory: guest.save(), live, paused });
  powerOff(host, domain, { name: "shutoff", reason: "saved" });
  emitLifecycle(host, domain, "stopped", "saved");
  completeSave(host, domain, id, startedAt);
};
