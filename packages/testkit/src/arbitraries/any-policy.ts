import fc from "fast-check";
import type { RetentionPolicy } from "@quiesce/core";

const anyCount = fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 4 }));
const counts = ["keepLast", "keepHourly", "keepDaily", "keepWeekly", "keepMonthly", "keepYearly"] as const;

/** Any mixture of rules, none at all too. */
export const anyPolicy: fc.Arbitrary<RetentionPolicy> = fc
  .tuple(
    fc.record(Object.fromEntries(counts.map((name) => [name, anyCount]))),
    fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
  )
  .map(([rules, days]): RetentionPolicy => ({
    ...Object.fromEntries(Object.entries(rules).filter(([, count]) => count !== undefined)),
    ...(days === undefined ? {} : { keepWithinMs: days * 86_400_000 }),
  }));
