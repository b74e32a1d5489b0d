import fc from "fast-check";
import type { Fate, Fault } from "../../src/index.ts";
import { settleMs, type CaseVm, type CrashCase, type Death } from "./crash-case.ts";

const names = ["a", "b", "c", "d"] as const;

const anyVms: fc.Arbitrary<readonly CaseVm[]> = fc
  .array(
    fc.record({
      volumes: fc.constantFrom<CaseVm["volumes"]>(0, 0, 1),
      power: fc.constantFrom<CaseVm["power"]>("running", "running", "running", "off"),
      depends: fc.boolean(),
      service: fc.constantFrom(false, false, true),
    }),
    { minLength: 1, maxLength: names.length },
  )
  .map((vms) => vms.map((vm, at) => ({ ...vm, name: names[at] ?? "" })));

const changing = [
  "freeze",
  "thaw",
  "power",
  "snapshot",
  "revert",
  "remove",
  "make-scratch",
  "begin",
  "end",
  "drop-scratch",
  "drop-point",
  "define",
  "make-disk",
  "upload",
  "drop-disk",
  "call",
] as const;
const looking = ["get", "list", "look", "find-disk"] as const;

const anyDelays = fc.dictionary(fc.constantFrom(...changing), fc.constantFrom(1, 30, 700), { maxKeys: 4 });

const anyFault: fc.Arbitrary<Fault> = fc.record({
  call: fc.constantFrom(...changing, ...looking),
  after: fc.nat(3),
  times: fc.constantFrom(1, 1, 2),
  does: fc.oneof(
    fc.boolean().map((transient) => ({ what: "fail", transient }) as const),
    fc.constant({ what: "lose-reply" } as const),
    fc.boolean().map((effect) => ({ what: "hang", effect }) as const),
    fc.constantFrom(500, 15_000, 45_000).map((ms) => ({ what: "delay", ms }) as const),
  ),
});

/** A provider that refuses every thaw of one machine, for ever. */
const noThaw: fc.Arbitrary<Fault> = fc
  .constantFrom(...names)
  .map((name) => ({ call: "thaw", target: `vm-${name}`, times: 1_000_000, does: { what: "fail" } }));

const anyFaults = fc.oneof(
  { arbitrary: fc.array(anyFault, { minLength: 1, maxLength: 2 }), weight: 9 },
  noThaw.map((fault) => [fault]),
);

const anyShare = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const anyCancels = fc.array(fc.record({ at: anyShare, mode: fc.constantFrom("soft", "hard") } as const), {
  minLength: 1,
  maxLength: 2,
});

const anyFate: fc.Arbitrary<Fate> = fc.oneof(
  fc.constantFrom<Fate>("never", "at-once"),
  fc.integer({ min: 1, max: settleMs }).map((afterMs) => ({ afterMs })),
);

const anyDeath: fc.Arbitrary<Death> = fc.record({
  at: anyShare,
  fates: fc.array(anyFate, { minLength: 1, maxLength: 3 }),
  known: fc.boolean(),
});

const anyDeaths = fc.array(anyDeath, { minLength: 1, maxLength: 3 });

interface Trouble {
  readonly faults?: true;
  readonly cancels?: true;
  readonly deaths?: true;
}

/** A run of any workflow with the kinds of trouble that are asked for. */
export const anyCrashCase = (trouble: Trouble): fc.Arbitrary<CrashCase> =>
  fc
    .record({
      vms: anyVms,
      workflow: fc.constantFrom("backup", "backup", "backup", "restore", "remove_backup", "suspend", "resume"),
      kind: fc.constantFrom("snapshot", "backup"),
      scope: fc.constantFrom("deployment", "instance"),
      incremental: fc.boolean(),
      delayMs: anyDelays,
      faults: trouble.faults === true ? anyFaults : fc.constant([]),
      cancels: trouble.cancels === true ? anyCancels : fc.constant([]),
      deaths: trouble.deaths === true ? anyDeaths : fc.constant([]),
      policy: fc.constantFrom("continue", "continue", "compensate"),
    } as const)
    .map((one): CrashCase => one);
