import { failure } from "@quiesce/core";
import { readBackupRecord } from "./backup-record.ts";
import type { Revoke } from "./backup-restore-context.ts";
import { baseOf } from "./backup-restore-id.ts";
import { readKept, type KeptMachine } from "./backup-restore-kept.ts";
import { identityOf } from "./backup-restore-machine.ts";
import type { RestoreId } from "./backup-restore-mark.ts";

/** The restore that is taken back or committed. */
export interface Revoked {
  readonly id: RestoreId;
  readonly uuid: string;
  /** What the names of its volumes begin with. */
  readonly base: string;
  /** Undefined for one that died half-way. */
  readonly kept: KeptMachine | undefined;
}

export const revokedOf = (c: Revoke): Revoked => {
  const { run, backup } = c.input.restored;
  const id: RestoreId = { store: c.tag.store, run, backup };
  const kept = readKept(c);
  if (kept !== undefined) return { id, uuid: kept.uuid, base: kept.base, kept };
  if (run !== c.run)
    throw failure(
      "invalid",
      `What the restore ${run} made cannot be told: it did not end well. Recover it first: quiesce recover ${run}`,
    );
  const identity = identityOf(c, readBackupRecord(c.input.saved));
  // Its UUID is known to the restore's own step only.
  if (identity.is === "new")
    throw failure("invalid", `${identity.name} stands beside its original and harms nothing: remove it by hand.`);
  return { id, uuid: identity.uuid, base: baseOf(c, identity), kept };
};
