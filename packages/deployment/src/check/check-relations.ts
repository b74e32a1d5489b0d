import { suggestion } from "../problem/closest.ts";
import { quoted } from "../problem/quoted.ts";
import { relationTypes, type SharedKeys } from "../schema/instance.ts";
import type { Source } from "../source/read-source.ts";
import { pathText, type Path } from "../source/spot.ts";
import { itemPath } from "./item-path.ts";
import type { Targets } from "./targets.ts";

const checkTarget = (to: string, owner: Path, path: Path, targets: Targets, source: Source): void => {
  if (to === owner.at(-1)) {
    source.problems.at(source.root, path, {
      message: `${pathText(path)} points to ${quoted(to)} itself`,
      hint: "Name another instance.",
    });
  } else if (!targets.instances.has(to) && !targets.selectors.has(to)) {
    source.problems.at(source.root, path, {
      message: `${pathText(path)} names ${quoted(to)}, which is no instance of this file`,
      hint: () => suggestion(to, targets.names, "instances"),
    });
  }
};

/** Reports relations of an instance or selector that point nowhere or to itself. */
export const checkRelations = (shared: Partial<SharedKeys>, owner: Path, targets: Targets, source: Source): void => {
  for (const type of relationTypes)
    for (const [index, to] of (shared[type] ?? []).entries())
      checkTarget(to, owner, itemPath(source, [...owner, type], index), targets, source);
};
