import type { Mutant } from "./mutant.ts";

const onSimulator = (title: string): Mutant["test"] => ({
  project: "conformance",
  file: "packages/plugin-libvirt/test/sim.conformance.test.ts",
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
];
