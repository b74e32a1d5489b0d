import { asId, isSome, type Plan, type Recorded, type RunId, type Some } from "@quiesce/core";
import * as fc from "fast-check";
import { backupPlan, frozenDebt, heldDebt, planOf, restorePlan, stepOf, targetOf, wayBackPlan } from "./sample-plan.ts";
import { ended, failed, intended, paid, succeeded, undone } from "./sample-run.ts";

/** A backup run whose plan also suspends, resumes, restores and takes back: every projection has something to do. */
export const mixedPlan = (run: RunId): Plan => {
  const steps = (["suspend", "resume"] as const).map((operation) => stepOf({ operation, targets: [targetOf("vm1")] }));
  const parts = [backupPlan(), restorePlan(), wayBackPlan("undo", run), planOf({ workflow: "suspend" }, steps)];
  return { ...backupPlan(), stages: parts.flatMap(({ stages }) => stages) };
};

// Steps of that plan, and one that is in none.
const step = fc.oneof(
  fc.constantFrom("freeze/vm1", "backup.create/vm1", "backup.create/vm2", "thaw/vm1", "complete/vm1", "x"),
  fc.constantFrom("backup.restore/vm1", "backup.restore/vm2", "undo/vm1", "suspend/vm1", "resume/vm1"),
);
const debt = fc.constantFrom(...["vm1", "vm2"].map((vm) => frozenDebt(targetOf(vm))), heldDebt(targetOf("vm1")));
const by = fc.constantFrom("step", "watchdog", "recovery");
const epoch = fc.integer({ min: 0, max: 2 });
const attempt = fc.integer({ min: 1, max: 5 });
/** Through JSON, as a ticket comes back: it has no negative zero. */
const ticket = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
const error = fc.constant({ code: "conflict", advice: { retry: "never" }, message: "busy ü\u0000\u2028" } as const);

const leftover = { provider: "hv1", kind: "image", id: "i1", name: "left", reason: "it is in use" };

const end = fc.oneof(
  fc.constant(failed),
  fc.constant({ as: "skipped", reason: "doomed" } as const),
  fc.record({ drift: fc.constant([]), as: fc.constant("compared" as const) }),
  fc
    .record({ covered: fc.subarray(["id-of-disk1"]), id: fc.string(), keeps: fc.boolean() })
    .map(({ covered, id, keeps }) =>
      succeeded({
        covered,
        artefacts: [{ kind: "image", id, owner: "id-of-vm1", name: id }],
        saved: { id },
        ...(keeps ? { recovery: { is: "clone", detail: id, kept: { id } } } : {}),
      }),
    ),
);

const body = fc.oneof(
  fc.tuple(step, attempt, epoch, fc.option(debt, { nil: undefined })).map(([key, tries, at, owes]) => ({
    ...intended(key, { attempt: tries, epoch: at }),
    ...(owes === undefined ? {} : { debt: owes }),
  })),
  fc.tuple(step, ticket).map(([key, it]) => ({ type: "step.ticketed", step: asId(key), ticket: it })),
  fc
    .record({ step, attempt, error, afterMs: fc.nat() })
    .map((more) => ({ type: "step.retrying", ...more, step: asId(more.step) })),
  fc.tuple(step, end, epoch).map(([key, how, at]) => ({ ...ended(key, how), epoch: at })),
  fc.tuple(step, epoch).map(([key, at]) => undone(key, at)),
  fc.record({ by, attempt, debt }).map((more) => ({ type: "debt.paying", ...more, debt: more.debt.key })),
  fc.tuple(debt, fc.nat()).map(([{ key }, heldMs]) => paid(key, heldMs)),
  debt.map(({ key }) => ({ type: "debt.void", debt: key })),
  fc.record({ by, attempt, debt, error }).map((more) => ({ type: "debt.failed", ...more, debt: more.debt.key })),
  fc.constantFrom("soft", "hard").map((mode) => ({ type: "run.cancel", mode })),
  fc.constant({ type: "run.undoing" }),
  fc.constantFrom("continue", "debts").map((policy) => ({ type: "run.recovering", worker: "rescuer", policy })),
  fc
    .record({ status: fc.constantFrom("succeeded", "failed"), leftovers: fc.constantFrom(undefined, [leftover]) })
    .map((more) => ({ type: "run.settled", ...more })),
);

export type Batch = Some<Recorded>;

/** Any events of one run, also those that no engine would write: in batches, as they are committed. */
export const anyBatches = (run: RunId): fc.Arbitrary<readonly Batch[]> =>
  fc
    .array(fc.array(body, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
    .map((batches) => batches.map((bodies, at) => stamped(run, at, bodies)).filter(isSome));

const stamped = (run: RunId, at: number, bodies: readonly object[]): readonly Recorded[] =>
  bodies.map((one) => ({ at: new Date(Date.UTC(2030, 0, 1) + at).toISOString(), run, ...one }) as Recorded);
