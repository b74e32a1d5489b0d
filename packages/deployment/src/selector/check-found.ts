import type { Problem } from "@quiesce/core";
import type { Selector } from "../link/link-selectors.ts";
import type { Expectation } from "../schema/selector.ts";
import type { Discovered } from "./discovered.ts";
import { quoted } from "../problem/quoted.ts";

const holds = ({ is, count }: Expectation, found: number): boolean => {
  switch (is) {
    case ">=":
      return found >= count;
    case "<=":
      return found <= count;
    case ">":
      return found > count;
    case "<":
      return found < count;
    case "=":
      return found === count;
  }
};

const countProblem = ({ name, provider, kind, expect, at }: Selector, found: number): Problem => {
  const tooMany = found > expect.count || expect.is === "<";
  const few = found === 0 ? "empty-selection" : "not-found";
  return {
    code: tooMany ? "ambiguous" : few,
    message: `Selector ${name} found ${found} objects of kind ${kind} at ${provider}, expected ${expect.is}${expect.count}`,
    hint: "Correct its criteria, or change expect.",
    at,
  };
};

const twinProblems = ({ name, at }: Selector, objects: readonly Discovered[]): readonly Problem[] =>
  [...Map.groupBy(objects, (object) => object.name)]
    .filter(([, twins]) => twins.length > 1)
    .map(([twin, twins]) => ({
      code: "ambiguous",
      message: `Selector ${name} found ${twins.length} objects named ${quoted(twin)}: ${twins.map(({ providerId }) => providerId).join(", ")}`,
      hint: "Rename one of them at the provider, or list them under instances by id.",
      at,
    }));

/** What is wrong with what a selector found. `all`: everything that the provider lists. */
export const checkFound = (
  selector: Selector,
  objects: readonly Discovered[],
  all: readonly Discovered[],
): readonly Problem[] => {
  const { name, kind, provider, tags, expect, at } = selector;
  const ofKind = all.filter((object) => object.kind === kind);
  if (tags.length > 0 && ofKind.length > 0 && ofKind.every((object) => object.tags === undefined))
    return [
      {
        code: "unsupported",
        message: `Selector ${name} asks for a tag, but provider ${provider} does not tell tags of kind ${kind}`,
        hint: "Select by name.",
        at,
      },
    ];
  const count = holds(expect, objects.length) ? [] : [countProblem(selector, objects.length)];
  return [...count, ...twinProblems(selector, objects)];
};
