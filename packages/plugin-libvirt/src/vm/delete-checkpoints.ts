import { checkpointCreateFlags, checkpointDeleteFlags, isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import { checkpointOfDisk } from "../api/checkpoint-of-disk.ts";
import { powerOf } from "../api/power.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { assertIdle } from "./busy.ts";
import type { FoundCheckpoint } from "./our-checkpoint.ts";
import { layDown, wake, type Waking } from "./wake.ts";

/**
 * Deletes checkpoints of a machine in any state, and returns what a user should know. QEMU has to run to take the bitmaps out of
 * the disks: a machine that is off is woken for it. Of a saved one, or one that does not start, libvirt only forgets them.
 */
export const deleteCheckpoints = async (
  c: Waking,
  domain: DomainRef,
  checkpoints: readonly FoundCheckpoint[],
): Promise<readonly string[]> => {
  if (checkpoints.length === 0) return [];
  const power = await powerOf(c.api.libvirt, domain, { signal: c.signal });
  if (power === "saved") return await forget(c, checkpoints, "is saved");
  await assertIdle(c, domain);
  if (power !== "off") {
    for (const one of checkpoints) await deleteCheckpoint(c, one);
    return [];
  }
  try {
    await wake(c, domain);
    for (const one of checkpoints) await deleteCheckpoint(c, one);
    return [];
  } catch (thrown) {
    if (!isLibvirtError(thrown, "internal-error", "operation-failed", "config-unsupported", "system-error"))
      throw thrown;
    return await forget(c, checkpoints, `does not start (${thrown.daemonMessage})`);
  } finally {
    await layDown(c, domain);
  }
};

/**
 * Of a running domain, with its bitmaps. Where one disk has lost its own, libvirt deletes nothing: then the checkpoint is told to
 * be of one disk after the other, so that no other disk keeps a bitmap, which would end QEMU at a revert.
 */
export const deleteCheckpoint = async (c: Pick<Waking, "api" | "signal">, found: FoundCheckpoint): Promise<void> => {
  if (await isDeleted(c, found)) return;
  const { checkpoints } = c.api.libvirt;
  const xml = await orUndefined(checkpoints.xml(found.ref, 0, { signal: c.signal }), "no-checkpoint");
  for (const { name } of xml === undefined ? [] : found.checkpoint.disks) {
    await forgetCheckpoint(c, found);
    const one = checkpointOfDisk(xml ?? "", name);
    await checkpoints.create(found.ref.domain, one, checkpointCreateFlags.redefine, { signal: c.signal });
    if (!(await isDeleted(c, found))) await forgetCheckpoint(c, found);
  }
};

const isDeleted = async (
  { api, signal }: Pick<Waking, "api" | "signal">,
  { ref }: Pick<FoundCheckpoint, "ref">,
): Promise<boolean> => {
  try {
    await api.libvirt.checkpoints.delete(ref, 0, { signal });
    return true;
  } catch (thrown) {
    if (isLibvirtError(thrown, "no-checkpoint")) return true;
    if (isLibvirtError(thrown, "internal-error", "checkpoint-inconsistent")) return false;
    throw thrown;
  }
};

const forgetCheckpoint = async (
  { api, signal }: Pick<Waking, "api" | "signal">,
  { ref }: Pick<FoundCheckpoint, "ref">,
): Promise<void> => {
  const { checkpoints } = api.libvirt;
  await orUndefined(checkpoints.delete(ref, checkpointDeleteFlags.metadataOnly, { signal }), "no-checkpoint");
};

const forget = async (c: Waking, found: readonly FoundCheckpoint[], why: string): Promise<readonly string[]> => {
  for (const one of found) await forgetCheckpoint(c, one);
  const names = found.map(({ checkpoint }) => checkpoint.name);
  return [
    `The bitmaps ${names.join(", ")} stay in the disks, because the machine ${why}. They do no harm, and go with: ` +
      `qemu-img bitmap --remove DISK ${names[0] ?? ""}`,
  ];
};
