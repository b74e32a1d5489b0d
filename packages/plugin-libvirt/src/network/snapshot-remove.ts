import type { Handler, Input, Target } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";

/** A network's snapshot lies in the catalogue alone, so that nothing is left to remove at the provider. */
export const snapshotRemove: Handler<Reader, Writer, Input<"snapshot.remove", Options>, Target<"network">> = {
  observe: async () => ({ is: "done", outcome: { artefacts: [], covered: [], saved: {} } }),
  act: async () => ({ next: "observe" }),
};
