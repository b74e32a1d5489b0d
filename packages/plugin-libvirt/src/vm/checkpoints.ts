import type { CheckpointRef } from "@quiesce/node-libvirt";

/** QEMU 7.2 dies of an internal revert while a dirty bitmap is on a disk, and the machine is left off and not reverted. */
export const checkpointReason = (checkpoints: readonly CheckpointRef[]): string => {
  const [first] = checkpoints;
  const names = checkpoints.map(({ name }) => name).join(", ");
  return (
    `the machine has checkpoints (${names}), and a revert would end it without reverting. Delete them first; ` +
    `the backups that need them then begin with a full one: virsh checkpoint-delete ${first?.domain.name} ${first?.name}`
  );
};
