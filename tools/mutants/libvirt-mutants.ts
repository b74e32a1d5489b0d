import type { Mutant } from "./mutant.ts";

const onSimulator = (title: string): Mutant["test"] => ({
  project: "conformance",
  file: "packages/plugin-libvirt/test/sim.conformance.test.ts",
  title,
});

const inTest = (file: string, title: string): Mutant["test"] => ({
  project: "integration",
  file: `packages/plugin-libvirt/test/${file}`,
  title,
});

export const libvirtMutants: readonly Mutant[] = [
  {
    guard: "libvirt: a snapshot without our tag is not ours",
    file: "packages/plugin-libvirt/src/vm/our-snapshot.ts",
    find: "if (ownership?.tag.store === store && ownership.domain === ref.domain.uuid) return ownership;",
    replace: "if (ownership !== null) return ownership as Ownership;",
    test: onSimulator("an artefact that somebody put in the place of ours is not removed"),
  },
  {
    guard: "libvirt: the state before a suspend is written down before the suspend",
    file: "packages/plugin-libvirt/src/vm/suspend.ts",
    find: "await writeMark(libvirt, domain, suspendedMark, suspendMark(c.tag, how), { signal: c.signal });",
    replace: "",
    test: onSimulator("a suspend whose journal was lost remembers the state before it"),
  },
  {
    guard: "libvirt: a restore of another run reverts again",
    file: "packages/plugin-libvirt/src/vm/snapshot-restore.ts",
    find: 'if (!isSame(mark, markOf(c, name))) return { is: "absent" };',
    replace: 'if (mark === undefined) return { is: "absent" };',
    test: onSimulator("snapshot: restore twice"),
  },
  {
    guard: "libvirt: a machine that its user started is not ended as one that a dead backup woke",
    file: "packages/plugin-libvirt/src/vm/wake.ts",
    find: 'in: "running"',
    replace: 'in: "all"',
    test: inTest("owned.integ.test.ts", "a machine that a backup woke, and not one that its user started"),
  },
  {
    guard: "libvirt: what carries another run's tag by now is not removed",
    file: "packages/plugin-libvirt/src/owned/discard.ts",
    find: "if (!isSameTag(tag, artefact.tag))",
    replace: "if (tag === undefined)",
    test: onSimulator("snapshot: one that owned showed is removed, and no other"),
  },
  {
    guard: "libvirt: a scratch file is not deleted under a running job",
    file: "packages/plugin-libvirt/src/owned/scratch.ts",
    find: "!== true) continue;",
    replace: "!== undefined) continue;",
    test: inTest("owned.integ.test.ts", "a scratch file under a running job stays until the job is ended"),
  },
  {
    guard: "libvirt: a backup that is taken back loses its checkpoint",
    file: "packages/plugin-libvirt/src/vm/backup-release.ts",
    find: "if (!whole && domain !== undefined) await dropCheckpoint(c, domain);",
    replace: "",
    test: onSimulator("backup: discard leaves nothing of its run"),
  },
];
