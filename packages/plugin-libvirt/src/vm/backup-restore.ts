import { failure, type Outcome, type RevocableHandler, type Target } from "@quiesce/core";
import { placeText } from "../api/disk.ts";
import type { MarkFields } from "../api/mark.ts";
import { powerOf, type Power } from "../api/power.ts";
import type { Reader, Writer } from "../client/session.ts";
import { readBackupRecord, type BackupRecord } from "./backup-record.ts";
import { commitRestore } from "./backup-restore-commit.ts";
import type { Restore, RestoreInput } from "./backup-restore-context.ts";
import { defineRestored } from "./backup-restore-define.ts";
import { baseOf, restoreIdOf } from "./backup-restore-id.ts";
import { keptPointOf } from "./backup-restore-kept.ts";
import { findMachine, identityOf, type FoundMachine } from "./backup-restore-machine.ts";
import { beforeIn, type Before } from "./backup-restore-mark.ts";
import { isAsWanted, powerNotes, restoredPower } from "./backup-restore-power.ts";
import { switchOver } from "./backup-restore-switch.ts";
import { undoRestore } from "./backup-restore-undo.ts";
import { isLabel, removeNotes, volumesOf } from "./restore-notes.ts";

/**
 * Puts a machine on new disks with the content of a backup. All new volumes are made and read back first; then the new
 * definition takes the old one's place, which a running machine does not notice, and only then is it stopped and started again.
 * The definition carries this run's mark, so that a lost reply is found out. Old disks are kept as the recovery point,
 * until the restore is taken back or committed.
 */
export const backupRestore: RevocableHandler<Reader, Writer, RestoreInput, Target<"vm">> = {
  observe: async (c) => {
    const record = readBackupRecord(c.input.saved);
    const identity = identityOf(c, record);
    const machine = await findMachine(c, identity.uuid, restoreIdOf(c));
    if (machine === undefined || !machine.marked || machine.runsOnOthers) return { is: "absent" };
    const power = await powerOf(c.api.libvirt, machine.ref, { signal: c.signal });
    if (!isAsWanted(restoredPower(record.power), power)) return { is: "absent" };
    if ((await volumesOf(c, baseOf(c, identity))).some(isLabel)) return { is: "absent" };
    const recovery = await keptPointOf(c, record, machine);
    return { is: "done", outcome: { ...outcomeOf(c, record, machine, power), ...(recovery && { recovery }) } };
  },

  act: async (c) => {
    const record = readBackupRecord(c.input.saved);
    const identity = identityOf(c, record);
    const found = await findMachine(c, identity.uuid, restoreIdOf(c));
    if (found?.marked !== true) await defineRestored(c, record, identity, found);
    const machine = await findMachine(c, identity.uuid, restoreIdOf(c));
    if (machine?.marked !== true)
      throw failure("conflict", `The definition of ${identity.name} was changed by somebody else during its restore.`);
    await removeNotes(c, baseOf(c, identity));
    await switchOver(c, record, machine);
    return { next: "observe" };
  },

  undo: undoRestore,
  commit: commitRestore,
};

const outcomeOf = (c: Restore, record: BackupRecord, { mark, defined, ref }: FoundMachine, power: Power): Outcome => {
  const before = beforeIn(mark);
  const places = new Map(defined.disks.map(({ name, source }) => [name, placeText(source)]));
  return {
    artefacts: [],
    // The volumes that the set names: their content is back, in new volumes.
    covered: record.disks.map(({ source }) => source),
    saved: {
      state: power,
      uuid: ref.uuid,
      name: ref.name,
      disks: record.disks.map(({ name }) => ({ name, path: places.get(name) ?? null })),
    },
    notes: [
      ...record.disks.map(({ name }) => diskNote(name, places.get(name), before)),
      ...recoveryNotes(c, record, before),
      ...newMachineNotes(c, mark),
      ...powerNotes(record.power),
    ],
  };
};

const diskNote = (name: string, path: string | undefined, before: Before | undefined): string => {
  const old = before?.disks.find((disk) => disk.name === name)?.path;
  return `Disk ${name} is ${path ?? "nowhere"} now${old === undefined ? "" : `; the old one is kept: ${old}`}.`;
};

const recoveryNotes = ({ tag }: Restore, { disks }: BackupRecord, before: Before | undefined): readonly string[] => {
  if (before === undefined) return [];
  const added = before.disks.filter(({ name }) => !disks.some((disk) => disk.name === name));
  return [
    ...added.map(({ name, path }) => `Disk ${name} (${path}) is not in the backup; it is kept as it is.`),
    ...(before.definition === null
      ? []
      : [
          `The old definition is kept on the host, passwords included: ${before.definition}.`,
          `To go back: quiesce restore ${tag.deployment} --undo ${tag.run}. To keep what was restored and remove the rest: --commit.`,
        ]),
  ];
};

const newMachineNotes = ({ input }: Restore, mark: MarkFields | undefined): readonly string[] => {
  if (input.as.place !== "new") return [];
  const lacks = mark?.["lacks"];
  return [
    ...(input.as.connect
      ? []
      : [`Its network cables are out. To connect it: virsh domif-setlink ${input.as.name} MAC up`]),
    ...(lacks === undefined ? [] : [`It lacks: ${lacks}.`]),
  ];
};
