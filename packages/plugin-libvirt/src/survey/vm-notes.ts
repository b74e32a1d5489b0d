import type { InstanceId } from "@quiesce/core";
import type { VmFacts } from "./lowered.ts";
import { referenceSet } from "./reference-names.ts";

/** What a user should know of a machine before a run, and what is no reason to refuse it. */
export const notesOf = (
  instance: InstanceId,
  { domain, power, checkpoints }: VmFacts,
  snapshots: readonly string[],
): readonly string[] => {
  const readonly = domain.disks.filter((disk) => disk.readonly).map(({ name }) => name);
  return [
    ...(readonly.length === 0 ? [] : [`Read-only, so not captured: ${readonly.join(", ")}.`]),
    ...(snapshots.length === 0
      ? []
      : [
          `It has ${snapshots.length} snapshot(s): ${snapshots.slice(0, 5).join(", ")}. Until they are gone, a backup can be restored only beside it.`,
        ]),
    ...referenceNotes(instance, domain.name, snapshots),
    ...(checkpoints.length === 0 ? [] : [`It has ${checkpoints.length} checkpoint(s) of incremental backups.`]),
    ...(power === "saved"
      ? ["It has a managed save image: its memory is not part of a snapshot, and a restore removes the image."]
      : []),
    ...(domain.pflash ? ["Its UEFI variables (NVRAM) are not part of a snapshot."] : []),
  ];
};

const referenceNotes = (instance: InstanceId, machine: string, snapshots: readonly string[]): readonly string[] => {
  const [first, ...others] = snapshots.filter((name) => referenceSet(instance, name) !== undefined);
  if (first === undefined) return [];
  return [
    `Named as Cloudify names its snapshots: ${[first, ...others].join(", ")}. No catalogue here has them: ` +
      `virsh snapshot-revert ${machine} ${first} restores the set ${referenceSet(instance, first) ?? ""}, virsh snapshot-delete removes it.`,
  ];
};
