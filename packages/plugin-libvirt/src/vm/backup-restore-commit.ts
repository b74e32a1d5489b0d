import { failure, type Handler, type Kept, type Target } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import { findVolume, type FoundVolume } from "../volume/find-volume.ts";
import { readBackupRecord } from "./backup-record.ts";
import type { RestoreInput, Revoke } from "./backup-restore-context.ts";
import { keptPointOf, readKeptMachine, type KeptVolume } from "./backup-restore-kept.ts";
import { findMachine } from "./backup-restore-machine.ts";
import { revokedOf, type Revoked } from "./backup-restore-revoked.ts";
import { deleteUnused } from "./backup-restore-unused.ts";

/**
 * Gives up the way back from a restore: the disks that it replaced go, and the old definition last. Only what the restore
 * recorded, only as it was then, and only what nothing needs.
 */
export const commitRestore: Handler<Reader, Writer, Kept<RestoreInput>, Target<"vm">> = {
  observe: async (c) => {
    const kept = await keptOf(c);
    const found = await Promise.all(kept.map(({ path }) => findVolume(c.api, path, { signal: c.signal })));
    if (found.some((one) => one !== undefined)) return { is: "absent" };
    const paths = kept.map(({ path }) => path);
    const notes = paths.length === 0 ? [] : [`Removed: ${paths.join(", ")}.`];
    return { is: "done", outcome: { artefacts: [], covered: [], saved: { removed: paths }, notes } };
  },

  act: async (c) => {
    const revoked = revokedOf(c);
    const machine = await findMachine(c, revoked.uuid, revoked.id);
    if (machine === undefined) throw gone(revoked);
    for (const one of await keptOf(c)) {
      const found = await findVolume(c.api, one.path, { signal: c.signal });
      if (found === undefined) continue;
      assertSame(one, found);
      // The machine's mark goes on naming the definition that it has no more.
      await deleteUnused(c, found.ref, "writtenAt" in one ? undefined : machine.ref.name);
    }
    return { next: "observe" };
  },
};

/** In the order in which it goes. The definition has no time: it is known by its name. */
const keptOf = async (c: Revoke): Promise<readonly (KeptVolume | { readonly path: string })[]> => {
  const revoked = revokedOf(c);
  const kept = revoked.kept ?? (await keptByMachine(c, revoked));
  if (kept === undefined || kept.replaced === null) return [];
  return [...kept.replaced, ...(kept.definition === null ? [] : [{ path: kept.definition }])];
};

/** Of a restore whose journal does not say what it kept: its mark does. */
const keptByMachine = async (c: Revoke, { uuid, id }: Revoked) => {
  const machine = await findMachine(c, uuid, id);
  if (machine?.marked !== true) return undefined;
  const point = await keptPointOf(c, readBackupRecord(c.input.saved), machine);
  return point && readKeptMachine(point.kept);
};

const assertSame = (one: KeptVolume | { readonly path: string }, { volume }: FoundVolume): void => {
  if (!("writtenAt" in one) || one.writtenAt === volume.writtenAt) return;
  throw failure(
    "conflict",
    `The old disk ${one.path} was written to since the restore; it may be another one by now, and was not deleted. ` +
      "Delete it by hand if it is not needed: virsh vol-delete",
  );
};

const gone = ({ kept, uuid }: Revoked): Error =>
  failure(
    "conflict",
    `Not committed: the machine ${kept?.name ?? uuid} is gone, and its old disks may be all that is left of it. Nothing was deleted.`,
  );
