import { isQuiesceError, type Finding } from "@quiesce/core";
import type { Invocation } from "../invocation/invocation.ts";
import { gather } from "../leftovers/gather.ts";
import { findingOf } from "./finding-of.ts";

/** What runs left at providers and in repositories. Places that cannot be looked at are findings of their own checks. */
export const checkLeftovers = async (
  deployment: string | undefined,
  invocation: Invocation,
): Promise<readonly Finding[]> => {
  const about = deployment === undefined ? "leftovers" : `leftovers of ${deployment}`;
  const scope = { allStores: false, ...(deployment === undefined ? {} : { deployment }) };
  try {
    return await gather(
      scope,
      invocation,
      () => [],
      async ({ leftovers }) => {
        // What a dead run made is told with the run.
        const count = leftovers.filter(({ verdict }) => verdict !== "unfinished").length;
        const message = `${count} object(s) that nothing names`;
        return count === 0 ? [] : [{ level: "warning", about, message, fix: "quiesce leftovers list" }];
      },
    );
  } catch (thrown) {
    if (isQuiesceError(thrown)) return [findingOf(about, thrown)];
    throw thrown;
  }
};
