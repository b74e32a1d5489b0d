import type { Kind, Target, Unsurveyed } from "@quiesce/core";
import type { Found } from "./find.ts";

/** An instance that planning must refuse, and where to look for the right word. */
export const unsurveyed = (
  { instance, providerId }: Target<Kind>,
  found: Exclude<Found<unknown>, { is: "found" }>,
  what: string,
  lists: string,
): Unsurveyed =>
  found.is === "missing"
    ? { instance, is: "missing", reason: `There is no ${what} "${providerId}" on this host. See: ${lists}`, ids: [] }
    : {
        instance,
        is: "ambiguous",
        reason: `"${providerId}" is the id of one ${what} and the name of another. Write the id of the one that is meant.`,
        ids: found.ids,
      };
