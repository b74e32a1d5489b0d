import type { Operation } from "@quiesce/core";
import type { WorldFaults } from "../world/world.ts";

/** What a case breaks: the call of an operation, or of a backup what is done before its capture and after its bytes. */
export type BrokenCall = Operation | "prepare" | "release";

/** The provider's own name of that call; undefined where the world does not know it. */
export const callToBreak = (faults: WorldFaults | undefined, what: BrokenCall): string | undefined =>
  what === "prepare" || what === "release" ? faults?.heldBy?.[what] : faults?.callOf[what];
