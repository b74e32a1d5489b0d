import { ProviderFailure } from "@quiesce/core";
import { checkpointDeleteFlags, domainStartFlags, isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import { isActive, powerOf } from "../api/power.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { problem } from "../client/problem.ts";
import type { BackupRecord } from "./backup-record.ts";
import type { Restoring } from "./backup-restore-context.ts";
import type { FoundMachine } from "./backup-restore-machine.ts";
import { beforeIn } from "./backup-restore-mark.ts";
import { restoredPower, type RestoredPower } from "./backup-restore-power.ts";
import { deleteCheckpoint } from "./delete-checkpoints.ts";
import { isOurs, listCheckpoints, type FoundCheckpoint } from "./our-checkpoint.ts";

/** Takes a machine whose new definition is there from its old disks to the new ones. May be called again. */
export const switchOver = async (c: Restoring, record: BackupRecord, machine: FoundMachine): Promise<void> => {
  const { domains } = c.api.libvirt;
  const options = { signal: c.signal };
  const { ref } = machine;
  if (machine.runsOnOthers) {
    // While QEMU runs it can take the bitmaps out of the old disks, where nobody could make use of them again.
    await deleteOwn(c, ref);
    await stop(c, ref);
  }
  // It holds the memory that goes with the old disks, and a start would put that on top of the new ones.
  if (await domains.hasManagedSave(ref, options)) await domains.removeManagedSave(ref, options);
  if (!(await domains.isActive(ref, options))) await forgetCheckpoints(c, ref);
  if ((await domains.autostart(ref, options)) !== record.autostart)
    await domains.setAutostart(ref, record.autostart, options);
  try {
    await bringUp(c, ref, restoredPower(record.power));
  } catch (thrown) {
    throw withWayBack(thrown, machine);
  }
};

/** Ends a machine that runs at once, as by loss of power. */
export const stop = async ({ api, signal }: Pick<Restoring, "api" | "signal">, ref: DomainRef): Promise<void> => {
  try {
    await api.libvirt.domains.destroy(ref, 0, { signal });
  } catch (thrown) {
    // It ended by itself meanwhile.
    if (!isLibvirtError(thrown, "operation-invalid")) throw thrown;
  }
};

type Switching = Pick<Restoring, "api" | "signal" | "tag">;

/** What cannot be deleted is forgotten once the machine is off. */
const deleteOwn = async (c: Switching, ref: DomainRef): Promise<void> => {
  try {
    for (const one of await ownCheckpoints(c, ref)) await deleteCheckpoint(c, one);
  } catch (thrown) {
    if (!isLibvirtError(thrown)) throw thrown;
  }
};

const ownCheckpoints = async (c: Switching, ref: DomainRef): Promise<readonly FoundCheckpoint[]> =>
  (await listCheckpoints(c.api, ref, { signal: c.signal })).filter((one) => isOurs(one, c.tag.store));

/** The bitmaps that they name are in other disks; on those of now they would be broken. */
export const forgetCheckpoints = async (c: Switching, ref: DomainRef): Promise<void> => {
  const { checkpoints } = c.api.libvirt;
  for (const one of await ownCheckpoints(c, ref)) {
    const { metadataOnly } = checkpointDeleteFlags;
    await orUndefined(checkpoints.delete(one.ref, metadataOnly, { signal: c.signal }), "no-checkpoint");
  }
};

export const bringUp = async (
  { api, signal }: Pick<Restoring, "api" | "signal">,
  ref: DomainRef,
  wanted: RestoredPower,
): Promise<void> => {
  const { domains } = api.libvirt;
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
