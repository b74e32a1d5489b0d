import type { BackupKind, RecoverPolicy, Scope, Workflow } from "@quiesce/core";
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

/** The calls of each workflow that can go wrong, those that change something first. */
const callsOf: Readonly<Record<Workflow, Readonly<Record<BackupKind, readonly string[]>>>> = {
  backup: {
    snapshot: ["freeze", "snapshot", "thaw", "get", "list"],
    backup: ["make-scratch", "freeze", "begin", "thaw", "end", "drop-scratch", "get", "look", "read-job"],
  },
  restore: {
    snapshot: ["revert", "thaw", "get"],
    backup: ["find-disk", "make-disk", "upload", "download", "define", "drop-disk", "thaw", "get"],
  },
  remove_backup: { snapshot: ["remove", "list"], backup: ["drop-point", "look"] },
  suspend: { snapshot: ["power", "get"], backup: ["power", "get"] },
  resume: { snapshot: ["power", "get"], backup: ["power", "get"] },
};

const anyDelays = (calls: readonly string[]): fc.Arbitrary<CrashCase["delayMs"]> =>
  fc.dictionary(fc.constantFrom(...calls), fc.constantFrom(1, 30, 700), { maxKeys: 3 });

/** `lateMs`: after the death of its caller a call is late by no more than the provider allows. */
const anyFault = (calls: readonly string[], lateMs: readonly number[]): fc.Arbitrary<Fault> =>
  fc.record({
    call: fc.constantFrom(...calls),
    after: fc.nat(3),
    times: fc.constantFrom(1, 1, 2),
    does: fc.oneof(
      fc.boolean().map((transient) => ({ what: "fail", transient }) as const),
      fc.constant({ what: "lose-reply" } as const),
      fc.boolean().map((effect) => ({ what: "hang", effect }) as const),
      fc.constantFrom(...lateMs).map((ms) => ({ what: "delay", ms }) as const),
    ),
  });

/** A provider that refuses every thaw of one machine, for ever. */
const noThaw: fc.Arbitrary<Fault> = fc
  .constantFrom(...names)
  .map((name) => ({ call: "thaw", target: `vm-${name}`, times: 1_000_000, does: { what: "fail" } }));

const anyFaults = (calls: readonly string[], lateMs: readonly number[]): fc.Arbitrary<readonly Fault[]> =>
  fc.oneof(
    { arbitrary: fc.array(anyFault(calls, lateMs), { minLength: 1, maxLength: 2 }), weight: 9 },
    noThaw.map((fault) => [fault]),
  );

const anyShare = fc.nat(9999).map((part) => part / 10_000);

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
  paidFirst: fc.constantFrom(false, false, true),
});

const anyDeaths = fc.array(anyDeath, { minLength: 1, maxLength: 3 });

export interface Trouble {
  readonly faults?: true;
  readonly cancels?: true;
  readonly deaths?: true;
}

/** A run of any workflow with the kinds of trouble that are asked for. */
export const anyCrashCase = (trouble: Trouble): fc.Arbitrary<CrashCase> =>
  fc
    .record({
      workflow: fc.constantFrom<Workflow>(
        "backup",
        "backup",
        "backup",
        "restore",
        "remove_backup",
        "suspend",
        "resume",
      ),
      kind: fc.constantFrom<BackupKind>("snapshot", "backup"),
    })
    .chain(({ workflow, kind }) => {
      const calls = callsOf[workflow][kind];
      return fc.record({
        vms: anyVms,
        workflow: fc.constant(workflow),
        kind: fc.constant(kind),
        scope: fc.constantFrom<Scope>("deployment", "instance"),
        incremental: fc.boolean(),
        delayMs: anyDelays(calls),
        faults:
          trouble.faults === true
            ? anyFaults(calls, trouble.deaths === true ? [500, settleMs - 1000] : [500, 15_000, 45_000])
            : fc.constant([]),
        cancels: trouble.cancels === true ? anyCancels : fc.constant([]),
        deaths: trouble.deaths === true ? anyDeaths : fc.constant([]),
        rollback: fc.constantFrom(false, false, true),
        policy: fc.constantFrom<RecoverPolicy>("continue", "continue", "compensate"),
      });
    });
