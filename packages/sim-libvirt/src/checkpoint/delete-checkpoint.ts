import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * Forgets a checkpoint and drops its bitmaps; those of its parent have recorded the same writes. As in libvirt 9.0, its children
 * have another parent already when a bitmap turns out to be missing.
 * @throws {Failure}
 */
export const deleteCheckpoint = (domain: Domain, { name, parent, disks }: Checkpoint, metadataOnly: boolean): void => {
  for (const child of domain.checkpoints.values()) {
    if (child.parent === name) domain.checkpoints.set(child.name, { ...child, parent });
  }
  if (!metadataOnly) for (const disk of disks) if (disk.bitmap !== undefined) drop(domain, disk.name, disk.bitmap);
  domain.checkpoints.delete(name);
};

const drop = (domain: Domain, target: string, bitmap: string): void => {
  const bitmaps = domain.drives.get(target)?.bitmaps;
  // A broken one can be removed too.
  const dropped = bitmaps?.good.delete(bitmap) === true || bitmaps?.broken.delete(bitmap) === true;
  if (!dropped) throw failure("internal-error", "qemu", `bitmap '${bitmap}' not found in backing chain of '${target}'`);
};
