import { ProviderFailure } from "@quiesce/core";
import { checkpointDeleteFlags, domainStartFlags, isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import { isActive, powerOf } from "../api/power.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { problem } from "../client/problem.ts";
import type { BackupRecord } from "./backup-record.ts";
import type { Restoring } from "./backup-restore-context.ts";
import type { FoundMachine } from "./backup-restore-machine.ts";
import { beforeIn } from "./backup-restore-mark.ts";
import { restoredPower } from "./backup-restore-power.ts";
import { isOurs, listCheckpoints } from "./our-checkpoint.ts";

/** Takes a machine whose new definition is there from its old disks to the new ones. May be called again. */
export const switchOver = async (c: Restoring, record: BackupRecord, machine: FoundMachine): Promise<void> => {
  const { domains } = c.api.libvirt;
  const options = { signal: c.signal };
  const { ref } = machine;
  if (machine.runsOnOthers) await stop(c, ref);
  // It holds the memory that goes with the old disks, and a start would put that on top of the new ones.
  if (await domains.hasManagedSave(ref, options)) await domains.removeManagedSave(ref, options);
  if (!(await domains.isActive(ref, options))) await forgetCheckpoints(c, ref);
  if ((await domains.autostart(ref, options)) !== record.autostart)
    await domains.setAutostart(ref, record.autostart, options);
  try {
    await bringUp(c, record, ref);
  } catch (thrown) {
    throw withWayBack(thrown, machine);
  }
};

const stop = async ({ api, signal }: Restoring, ref: DomainRef): Promise<void> => {
  try {
    await api.libvirt.domains.destroy(ref, 0, { signal });
  } catch (thrown) {
    // It ended by itself meanwhile.
    if (!isLibvirtError(thrown, "operation-invalid")) throw thrown;
  }
};

/** The bitmaps that they name stay in the old disks; on the new ones they would be broken. */
const forgetCheckpoints = async (c: Restoring, ref: DomainRef): Promise<void> => {
  const { checkpoints } = c.api.libvirt;
  for (const one of await listCheckpoints(c.api, ref, { signal: c.signal })) {
    if (!isOurs(one, c.tag.store)) continue;
    const { metadataOnly } = checkpointDeleteFlags;
    await orUndefined(checkpoints.delete(one.ref, metadataOnly, { signal: c.signal }), "no-checkpoint");
  }
};

const bringUp = async ({ api, signal }: Restoring, { power }: BackupRecord, ref: DomainRef): Promise<void> => {
  const { domains } = api.libvirt;
  const wanted = restoredPower(power);
  if (wanted === "off" || isActive(await powerOf(api.libvirt, ref, { signal }))) return;
  const flags = wanted === "paused" ? domainStartFlags.paused : 0;
  await domains.start(ref, flags, { signal, timeoutMs: Infinity });
};

/** The machine stands on its new disks and does not start: its user must know that the old ones are whole, and how to go back. */
const withWayBack = (thrown: unknown, { ref, mark }: FoundMachine): unknown => {
  const before = beforeIn(mark);
  if (before?.definition == null || !isLibvirtError(thrown)) return thrown;
  const known = problem(thrown);
  const message =
    `${known.message} ${ref.name} has its restored disks, and its old ones are whole. ` +
    `To go back to them, on the host: virsh define ${before.definition} && virsh start ${ref.name}`;
  return new ProviderFailure({ ...known, message }, { cause: thrown });
};
