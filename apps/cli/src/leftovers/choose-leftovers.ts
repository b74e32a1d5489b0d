import { QuiesceError } from "@quiesce/core";
import type { Leftover } from "./verdict.ts";

/** The leftovers that ids, names or runs mean; each must mean something. */
export const chooseLeftovers = (wanted: readonly string[], leftovers: readonly Leftover[]): readonly Leftover[] => [
  ...new Set(wanted.flatMap((one) => chosen(one, leftovers))),
];

const chosen = (wanted: string, leftovers: readonly Leftover[]): readonly Leftover[] => {
  const exact = leftovers.filter(({ listed }) => listed.id === wanted);
  if (exact.length > 0) return exact;
  const ofRun = leftovers.filter(({ listed }) => listed.tag.run === wanted);
  if (ofRun.length > 0) return ofRun;
  const named = leftovers.filter(({ listed }) => listed.name === wanted);
  if (named.length === 1) return named;
  if (named.length > 1)
    throw new QuiesceError(
      "not-found",
      `"${wanted}" is the name of ${named.length} leftovers: ${named.map(({ listed }) => listed.id).join(", ")}.`,
      { hint: "Give the id." },
    );
  throw new QuiesceError("not-found", `Nothing that is left over has the id "${wanted}".`, {
    hint: "List what is: quiesce leftovers list",
  });
};
