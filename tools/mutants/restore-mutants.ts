import type { Mutant } from "./mutant.ts";

const undo = (title: string): Mutant["test"] => ({
  project: "integration",
  file: "packages/plugin-libvirt/test/restore-undo.integ.test.ts",
  title,
});

const cut = (title: string): Mutant["test"] => ({
  project: "integration",
  file: "packages/plugin-libvirt/test/restore-cut.integ.test.ts",
  title,
});

export const restoreMutants: readonly Mutant[] = [
  {
    guard: "undo: a disk that another machine has by now is not given back",
    file: "packages/plugin-libvirt/src/vm/backup-restore-put-back.ts",
    find: "  await assertOldDisks(c, ref, readDomain(definition));\n",
    replace: "",
    test: undo("a disk that another machine has by now is neither given back nor removed"),
  },
  {
    guard: "commit: a disk that anything needs is not deleted",
    file: "packages/plugin-libvirt/src/vm/backup-restore-unused.ts",
    find: "  if (users.length > 0)",
    replace: "  if (users.length > 9)",
    test: undo("a disk that another machine has by now is neither given back nor removed"),
  },
  {
    guard: "commit: the disks of a machine that is gone stay",
    file: "packages/plugin-libvirt/src/vm/backup-restore-commit.ts",
    find: "    if (machine === undefined) throw gone(revoked);",
    replace: "    if (machine === undefined && revoked.uuid === '') throw gone(revoked);",
    test: undo("the old disks of a machine that is gone stay"),
  },
  {
    guard: "undo: a machine that was restored again is not touched",
    file: "packages/plugin-libvirt/src/vm/backup-restore-undo.ts",
    find: "    if (!isEnd(machine, revoked)) throw changedSince(c, revoked);\n",
    replace: "",
    test: undo("restored twice: only the newer one can be taken back"),
  },
  {
    guard: "restore: what has its old name again is claimed before it is made",
    file: "packages/plugin-libvirt/src/vm/backup-restore-disk.ts",
    find: "  if (old !== undefined) await made.claim(pool, own);\n",
    replace: "",
    test: cut("in a restore of a machine that is gone, and in its undo"),
  },
  {
    guard: "restore: its note goes when a definition names the new volumes",
    file: "packages/plugin-libvirt/src/vm/backup-restore.ts",
    find: "    await removeNotes(c, baseOf(c, identity));\n",
    replace: "",
    test: cut("in a commit: a repetition ends it"),
  },
];
