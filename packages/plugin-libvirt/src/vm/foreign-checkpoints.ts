import { isOurs, type FoundCheckpoint } from "./our-checkpoint.ts";

/**
 * Why a machine cannot be backed up while others track its changes too; undefined when nobody does. libvirt keeps all
 * checkpoints of a machine in one chain: ours would become a part of theirs, and theirs of ours. Without a store (a survey
 * knows none) those of any store count as ours.
 */
export const foreignReason = (found: readonly FoundCheckpoint[], store?: string): string | undefined => {
  const foreign = foreignOf(found, store);
  const [first] = foreign;
  if (first === undefined) return undefined;
  const names = foreign.map(({ checkpoint }) => checkpoint.name).join(", ");
  return (
    `The machine has checkpoints of another tool or another store (${names}), and backups of two tools break each other's ` +
    `chains. Let one tool back it up. If nobody needs them: virsh checkpoint-delete ${first.ref.domain.name} ${first.checkpoint.name}`
  );
};

export const foreignOf = (found: readonly FoundCheckpoint[], store?: string): readonly FoundCheckpoint[] =>
  found.filter((one) => !isOurs(one, store ?? one.ownership?.tag.store ?? ""));
