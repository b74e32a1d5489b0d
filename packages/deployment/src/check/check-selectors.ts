import { quoted } from "../problem/quoted.ts";
import type { Written } from "../schema/read-written.ts";
import type { Source } from "../source/read-source.ts";
import { checkProvider } from "./check-provider.ts";
import { checkShared } from "./check-shared.ts";
import type { Targets } from "./targets.ts";

export const checkSelectors = (written: Written, targets: Targets, source: Source): void => {
  for (const [name, { values }] of written.parts.selectors) {
    const owner = ["selectors", name];
    checkProvider(values.provider, owner, written.names.providers, source);
    checkShared(values, values.kind, owner, targets, source);
    if (targets.instances.has(name))
      source.problems.at(source.root, owner, {
        message: `The name ${quoted(name)} is used by an instance and by a selector`,
        hint: "Give the selector another name.",
        atKey: true,
      });
  }
};
