import type { Written } from "../schema/read-written.ts";
import type { Source } from "../source/read-source.ts";
import { checkHooks } from "./check-hooks.ts";
import { checkInstances } from "./check-instances.ts";
import { checkReferences } from "./check-references.ts";
import { checkSelectors } from "./check-selectors.ts";
import type { Targets } from "./targets.ts";

/** Everything that a schema cannot say: names that point nowhere, keys that do not go together. */
export const checkWritten = (written: Written, source: Source): void => {
  const { instances, selectors } = written.names;
  const targets: Targets = {
    instances: new Set(instances),
    selectors: new Set(selectors),
    names: [...instances, ...selectors],
  };
  checkReferences(written, source);
  checkInstances(written, targets, source);
  checkSelectors(written, targets, source);
  checkHooks(written, targets, source);
  if (targets.names.length === 0 && !Array.isArray(source.value) && source.root.children.size > 0)
    source.problems.at(source.root, ["instances"], {
      message: "The file has neither instances nor selectors",
      hint: "Add what belongs to the deployment under instances.",
    });
};
