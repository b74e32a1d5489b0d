import { asId, isSome, type Recorded, type RunId, type Some } from "@quiesce/core";
import * as fc from "fast-check";
import { frozenDebt, targetOf } from "./sample-plan.ts";
import { ended, failed, intended, paid, succeeded } from "./sample-run.ts";

// Steps of `backupPlan`, and one that is in no plan.
const step = fc.constantFrom("freeze/vm1", "backup.create/vm1", "backup.create/vm2", "thaw/vm1", "complete/vm1", "x");
const debt = fc.constantFrom(...["vm1", "vm2"].map((vm) => frozenDebt(targetOf(vm))));
const by = fc.constantFrom("step", "watchdog", "recovery");
const attempt = fc.integer({ min: 1, max: 5 });
const error = fc.constant({ code: "conflict", advice: { retry: "never" }, message: "busy ü\u0000\u2028" } as const);

const end = fc.oneof(
  fc.constant(failed),
  fc.constant({ as: "skipped", reason: "doomed" } as const),
  fc.record({ drift: fc.constant([]), as: fc.constant("compared" as const) }),
  fc
    .record({ covered: fc.subarray(["id-of-disk1"]), id: fc.string() })
    .map(({ covered, id }) =>
      succeeded({ covered, artefacts: [{ kind: "image", id, owner: "id-of-vm1", name: id }], saved: { id } }),
    ),
);

const body = fc.oneof(
  fc
    .tuple(step, attempt, fc.integer({ min: 0, max: 2 }), fc.option(debt, { nil: undefined }))
    .map(([key, tries, epoch, owes]) => ({
      ...intended(key, { attempt: tries, epoch }),
      ...(owes === undefined ? {} : { debt: owes }),
    })),
  fc.tuple(step, fc.jsonValue()).map(([key, ticket]) => ({ type: "step.ticketed", step: asId(key), ticket })),
  fc
    .record({ step, attempt, error, afterMs: fc.nat() })
    .map((more) => ({ type: "step.retrying", ...more, step: asId(more.step) })),
  fc.tuple(step, end).map(([key, how]) => ended(key, how)),
  fc.record({ by, attempt, debt }).map((more) => ({ type: "debt.paying", ...more, debt: more.debt.key })),
  fc.tuple(debt, fc.nat()).map(([{ key }, heldMs]) => paid(key, heldMs)),
  debt.map(({ key }) => ({ type: "debt.void", debt: key })),
  fc.record({ by, attempt, debt, error }).map((more) => ({ type: "debt.failed", ...more, debt: more.debt.key })),
  fc.constantFrom("soft", "hard").map((mode) => ({ type: "run.cancel", mode })),
  fc.constantFrom("succeeded", "failed").map((status) => ({ type: "run.settled", status })),
);

export type Batch = Some<Recorded>;

/** Any events of one run, also those that no engine would write: in batches, as they are committed. */
export const anyBatches = (run: RunId): fc.Arbitrary<readonly Batch[]> =>
  fc
    .array(fc.array(body, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
    .map((batches) => batches.map((bodies, at) => stamped(run, at, bodies)).filter(isSome));

const stamped = (run: RunId, at: number, bodies: readonly object[]): readonly Recorded[] =>
  bodies.map((one) => ({ at: new Date(Date.UTC(2030, 0, 1) + at).toISOString(), run, ...one }) as Recorded);
