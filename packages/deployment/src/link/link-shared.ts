import { asId, type Instance, type Relation } from "@quiesce/core";
import { relationTypes, type SharedKeys } from "../schema/instance.ts";

/** What an instance and a selector have in common. */
export type Shared = Pick<Instance, "properties" | "relations" | "skip" | "quiesce">;

/** A relation or operation that is named twice counts once. */
export const linkShared = (shared: SharedKeys): Shared => ({
  properties: shared.properties ?? {},
  relations: relationTypes.flatMap((type) =>
    [...new Set(shared[type])].map((to): Relation => ({ type, to: asId(to) })),
  ),
  skip: [...new Set(shared.skip)],
  ...(shared.quiesce === undefined ? {} : { quiesce: shared.quiesce }),
});
