import { domainUndefineFlags } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import { assertReplaceable } from "./backup-restore-checks.ts";
import type { Revoking } from "./backup-restore-context.ts";
import type { FoundMachine } from "./backup-restore-machine.ts";
import { madeIn } from "./backup-restore-mark.ts";
import type { Revoked } from "./backup-restore-revoked.ts";
import { stop } from "./backup-restore-switch.ts";
import { deleteUnused } from "./backup-restore-unused.ts";
import { volumesOf } from "./restore-notes.ts";

const { managedSave, nvram, checkpointsMetadata } = domainUndefineFlags;

/**
 * Removes a machine that a restore made anew. Its definition says which volumes are of the restore, so it goes after them: a
 * repetition then still knows.
 */
export const removeMachine = async (c: Revoking, { ref, mark }: FoundMachine, { base }: Revoked): Promise<void> => {
  const { domains, pools, volumes } = c.api.libvirt;
  const options = { signal: c.signal };
  await assertReplaceable(c, ref, "Not taken back");
  if (await domains.isActive(ref, options)) await stop(c, ref);
  for (const volume of await volumesOf(c, base)) await deleteUnused(c, volume, ref.name);
  for (const { pool: name, name: volume } of madeIn(mark)) {
    const pool = await orUndefined(pools.byName(name, options), "no-storage-pool");
    const found = pool && (await orUndefined(volumes.byName(pool, volume, options), "no-storage-volume"));
    if (found !== undefined) await deleteUnused(c, found, ref.name);
  }
  await orUndefined(domains.undefine(ref, managedSave | nvram | checkpointsMetadata, options), "no-domain");
};
