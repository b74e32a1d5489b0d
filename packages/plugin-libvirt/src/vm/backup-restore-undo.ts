import { failure, type Handler, type Kept, type Outcome, type Target } from "@quiesce/core";
import { powerOf } from "../api/power.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { RestoreInput, Revoke } from "./backup-restore-context.ts";
import { findMachine, type FoundMachine } from "./backup-restore-machine.ts";
import { beforeIn } from "./backup-restore-mark.ts";
import { isAsWanted } from "./backup-restore-power.ts";
import { isTakenBack, powerAfter, putBack, switchBack } from "./backup-restore-put-back.ts";
import { removeMachine } from "./backup-restore-remove-machine.ts";
import { revokedOf, type Revoked } from "./backup-restore-revoked.ts";
import { removeBrought } from "./backup-restore-unused.ts";
import { volumesOf } from "./restore-notes.ts";

/**
 * Takes a restore back, whole or half done. The old definition takes the new one's place first, with a mark that says so; then
 * the machine goes back to its old disks, and what the restore brought goes last. A machine that the restore made anew loses its
 * new volumes and is undefined. Wherever this is cut off, the machine's definition says how far it came.
 */
export const undoRestore: Handler<Reader, Writer, Kept<RestoreInput>, Target<"vm">> = {
  observe: async (c) => {
    const revoked = revokedOf(c);
    const machine = await findMachine(c, revoked.uuid, revoked.id);
    if (machine?.marked === true || !isEnd(machine, revoked)) return { is: "absent" };
    if ((await volumesOf(c, revoked.base)).length > 0) return { is: "absent" };
    if (machine === undefined || !isTakenBack(machine, revoked)) return { is: "done", outcome: outcomeOf(undefined) };
    const power = await powerOf(c.api.libvirt, machine.ref, { signal: c.signal });
    const isBack = !machine.runsOnOthers && isAsWanted(powerAfter(machine), power);
    return isBack ? { is: "done", outcome: outcomeOf(machine) } : { is: "absent" };
  },

  act: async (c) => {
    const revoked = revokedOf(c);
    const found = await findMachine(c, revoked.uuid, revoked.id);
    if (found?.marked === true) {
      const before = beforeIn(found.mark);
      if (before === undefined) await removeMachine(c, found, revoked);
      else await putBack(c, found, before, revoked);
    }
    const machine = found && (await findMachine(c, revoked.uuid, revoked.id));
    if (!isEnd(machine, revoked)) throw changedSince(c, revoked);
    if (machine !== undefined && isTakenBack(machine, revoked)) await switchBack(c, machine, revoked);
    await removeBrought(c, revoked);
    return { next: "observe" };
  },
};

/** Whether nothing of the restore is in the definition, as far as can be told: one that was done must have been taken back. */
const isEnd = (machine: FoundMachine | undefined, revoked: Revoked): boolean => {
  if (machine !== undefined && isTakenBack(machine, revoked)) return true;
  if (revoked.kept === undefined) return machine?.marked !== true;
  return revoked.kept.replaced === null && machine === undefined;
};

const changedSince = ({ input }: Revoke, { kept }: Revoked): Error =>
  failure(
    "conflict",
    `Not taken back: the definition of ${kept?.name ?? "the machine"} is not the one that the restore of ` +
      `${input.restored.backup} made; it was restored again, changed or removed since. Nothing was touched. ` +
      `What the restore kept: ${kept?.definition ?? "nothing"}.`,
  );

const outcomeOf = (machine: FoundMachine | undefined): Outcome => ({
  artefacts: [],
  covered: [],
  saved: machine === undefined ? {} : { uuid: machine.ref.uuid, name: machine.ref.name },
  notes: machine === undefined ? [] : notesOf(machine),
});

const notesOf = ({ ref, undone }: FoundMachine): readonly string[] => {
  const bitmaps = undone?.["bitmaps"]?.split(" ") ?? [];
  return [
    `${ref.name} has its old definition and its old disks back; the restored ones are removed.`,
    ...(bitmaps.length === 0
      ? []
      : [
          `The bitmaps ${bitmaps.join(", ")} stay in its disks. They do no harm, and go with: ` +
            `qemu-img bitmap --remove DISK ${bitmaps[0] ?? ""}`,
        ]),
  ];
};
