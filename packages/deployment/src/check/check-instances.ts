import type { WrittenInstance } from "../schema/instance.ts";
import type { Part, Written } from "../schema/read-written.ts";
import type { Source } from "../source/read-source.ts";
import { pathText, type Path } from "../source/spot.ts";
import { checkProvider } from "./check-provider.ts";
import { checkShared } from "./check-shared.ts";
import type { Targets } from "./targets.ts";

const checkObject = ({ given, values: { kind } }: Part<WrittenInstance>, owner: Path, source: Source): void => {
  if (kind === undefined) return;
  const id = [...owner, "id"];
  const provider = [...owner, "provider"];
  if (kind === "other") {
    if (given.has("id"))
      source.problems.at(source.root, id, {
        message: `${pathText(id)} is set, but the kind other is no object of a provider`,
        hint: "Remove it; hooks perform the operations of this instance.",
      });
    return;
  }
  if (!given.has("provider"))
    source.problems.at(source.root, provider, {
      message: `${pathText(provider)} is missing`,
      hint: `Name the provider that has this ${kind}; only the kind other needs none.`,
    });
  if (!given.has("id"))
    source.problems.at(source.root, id, {
      message: `${pathText(id)} is missing`,
      hint: `Give the name or id of the ${kind} at its provider.`,
    });
};

export const checkInstances = (written: Written, targets: Targets, source: Source): void => {
  for (const [name, part] of written.parts.instances) {
    const owner = ["instances", name];
    checkObject(part, owner, source);
    checkProvider(part.values.provider, owner, written.names.providers, source);
    checkShared(part.values, part.values.kind, owner, targets, source);
  }
};
