import { operations, operationsOf, type InstanceKind } from "@quiesce/core";
import type { SharedKeys } from "../schema/instance.ts";
import type { Source } from "../source/read-source.ts";
import { pathText, type Path } from "../source/spot.ts";
import { checkRelations } from "./check-relations.ts";
import { itemPath } from "./item-path.ts";
import type { Targets } from "./targets.ts";

const checkSkip = ({ skip = [] }: Partial<SharedKeys>, kind: InstanceKind, owner: Path, source: Source): void => {
  const possible = kind === "other" ? operations : operationsOf(kind);
  for (const [index, operation] of skip.entries()) {
    const path = itemPath(source, [...owner, "skip"], index);
    if (!possible.includes(operation))
      source.problems.at(source.root, path, {
        message: `${pathText(path)} skips ${operation}, which the kind ${kind} does not have`,
        hint: `Operations of the kind ${kind}: ${possible.join(", ")}.`,
      });
    else if (operation === "thaw" && !skip.includes("freeze"))
      source.problems.at(source.root, path, {
        message: `${pathText(path)} skips thaw but not freeze, which would leave the guest frozen`,
        hint: "Skip freeze as well, or neither.",
      });
  }
};

const checkQuiesce = ({ quiesce }: Partial<SharedKeys>, kind: InstanceKind, owner: Path, source: Source): void => {
  if (quiesce === undefined || kind === "vm" || kind === "other") return;
  const path = [...owner, "quiesce"];
  source.problems.at(source.root, path, {
    message: `${pathText(path)} is set, but the kind ${kind} cannot be frozen`,
    hint: "Set it on the machine.",
  });
};

/** Checks what an instance and a selector have in common. `kind`: where it is known. */
export const checkShared = (
  shared: Partial<SharedKeys>,
  kind: InstanceKind | undefined,
  owner: Path,
  targets: Targets,
  source: Source,
): void => {
  checkRelations(shared, owner, targets, source);
  if (kind === undefined) return;
  checkSkip(shared, kind, owner, source);
  checkQuiesce(shared, kind, owner, source);
};
