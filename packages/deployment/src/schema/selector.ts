import { kinds } from "@quiesce/core";
import { z } from "zod";
import { block } from "./block.ts";
import { sharedKeys } from "./instance.ts";
import { lineSchema, listOf } from "./text.ts";

const comparisons = [">=", "<=", ">", "<", "="] as const;

/** How many objects a selector must find. */
export interface Expectation {
  readonly is: (typeof comparisons)[number];
  readonly count: number;
}

const pattern = /^(>=|<=|>|<|=)? ?(\d{1,6})$/;
const rule = 'must be a count such as 3, ">=3" or "<=10"';

const toExpectation = (text: string | number): Expectation => {
  const [, is, count] = pattern.exec(String(text)) ?? [];
  return { is: comparisons.find((each) => each === is) ?? "=", count: Number(count) };
};

const expectSchema = z
  .union([z.int().min(0).max(999_999), z.string().regex(pattern, { error: rule })], { error: rule })
  .transform(toExpectation)
  .meta({ description: 'How many objects it must find: 3, ">=3", "<=10". Default ">=1".' });

const criteria = block({
  name: listOf(lineSchema, "a name with * and ?")
    .optional()
    .meta({ description: "The object's name fits one of these; * stands for any characters, ? for one." }),
  tag: listOf(lineSchema, "a tag").optional().meta({ description: "The object has all of these tags." }),
}).refine(({ name, tag }) => name !== undefined || tag !== undefined, {
  error: "must name at least one criterion: name or tag",
});

export const selectorSchema = block({
  kind: z.enum(kinds),
  provider: z.string().meta({ description: "Name of one of the providers." }),
  select: criteria,
  expect: expectSchema.optional(),
  ...sharedKeys,
}).meta({ description: "Instances that are looked up at the provider when a plan is made." });
